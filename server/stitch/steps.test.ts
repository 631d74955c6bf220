import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY, type StitchEvent, type Topology } from '../model/trace.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { stitch } from './stitch.ts';

const FEW = 500;
const MANY = 2_000;

/** Shapes that make a careless stitcher go over all events for each: event `at` of `size`. */
const SHAPES: Record<string, (at: number, size: number) => Sketch> = {
  'a chain of named causes': (at) => ({ id: `${at}`, cause: `${at - 1}`, at }),
  'a chain that clocks turn round': (at, size) => ({
    id: `${at}`,
    cause: `${at + 1}`,
    at,
    service: at % 7,
    type: `${size}`,
  }),
  'one cycle of all': (at, size) => ({ id: `${at}`, cause: `${(at + 1) % size}`, at }),
  'one cause of all, which comes last': (at, size) => ({ id: `${at}`, cause: `${size - 1}`, at }),
  'silent pairs under causes that come late': (at, size) =>
    at < size / 2
      ? { id: `${at}`, cause: `${size - 1 - at}`, at }
      : { id: `${at}`, at, service: at % 5, type: `${at % 9}` },
  'nothing but order': (at) => ({ at, service: at % 3, type: `${at % 4}` }),
  'one kind of event': (at) => ({ at }),
  'a kind for each event': (at) => ({ at, service: at, type: `${at}`, topic: `${at}` }),
  'all at one instant': (at) => ({ at: 0, service: at % 3, type: `${at % 2}` }),
  'one span of all': (at) => ({ at, span: 1, parentSpan: at % 2 === 0 ? 1 : 2, links: [1, 2, 3] }),
  'spans of two in turn': (at) => ({ at, span: at % 2, parentSpan: (at + 1) % 2 }),
  'asks, then their answers': (at, size) => ({
    at,
    service: at < size / 2 ? 1 : 2,
    type: at < size / 2 ? 'asked' : 'answered',
  }),
  'tries of one event': (at) => ({ id: 'a', at, topic: at === 0 ? 'bills' : 'bills-retry' }),
  'tries for one cause': (at) => ({ id: `${at}`, at, service: at === 0 ? 1 : 2, type: at === 0 ? 'a' : 'b' }),
  'dead letters': (at) => ({ id: `${at % 10}`, at, topic: `t${at % 10}${at < 10 ? '' : '-dlq'}` }),
  'requests in requests, then replies': (at, size) => ({
    id: `${at}`,
    cause: `${at - 1}`,
    at,
    type: at < size / 2 ? 'a-requested' : 'a-completed',
  }),
  'copies of one event': (at) => ({ id: 'a', at, body: 1 }),
};

/** Every service reads every topic. */
function allReadAll(events: readonly StitchEvent[]): Topology {
  const topics = new Set(events.slice(0, 200).map((event) => event.topic));
  return { ...EMPTY_TOPOLOGY, consumes: new Map(events.map((event) => [event.serviceId ?? 0, topics])) };
}

/** How often a property of an event is read: every step of the stitcher over events reads one. */
function steps(shape: (at: number, size: number) => Sketch, size: number, topologyOf: typeof allReadAll): number {
  let count = 0;
  const events = eventsOf(Array.from({ length: size }, (_, at) => shape(at, size)));
  const counted = events.map(
    (event) =>
      new Proxy(event, {
        get: (target, name) => {
          count += 1;
          return Reflect.get(target, name);
        },
      }),
  );
  stitch(counted, topologyOf(events), { episodeGapMs: 1_800_000 });
  return count;
}

describe('the steps of stitching', () => {
  it.each(Object.entries(SHAPES))('grow with the events, and hardly faster: %s', (_, shape) => {
    for (const topologyOf of [() => EMPTY_TOPOLOGY, allReadAll]) {
      const many = steps(shape, MANY, topologyOf);
      expect(many).toBeLessThan(steps(shape, FEW, topologyOf) * (MANY / FEW) * 1.5);
      expect(many / MANY).toBeLessThan(400);
    }
  });
});
