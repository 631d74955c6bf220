import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_TOPOLOGY,
  madeBy,
  recordKey,
  type StitchEvent,
  type StitchedTrace,
  type Topology,
} from '../model/trace.ts';
import { compareEvents } from './canonical-order.ts';
import { causeByOrder } from './cause-by-order.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { spelledOutCauses } from './spelled-out-causes.test-support.ts';
import { stitch } from './stitch.ts';

const OPTIONS = { episodeGapMs: 50 };
const TOPICS = ['requests', 'responses', 'requests-retry', 'requests-dlq'] as const;
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const TYPES = ['code-requested', 'code-completed', 'noted'] as const;

/** Small ranges on purpose: collisions, ties, cycles, copies, stages and dangling causes are then common. */
const sketch: fc.Arbitrary<Sketch> = fc.record({
  id: fc.option(fc.constantFrom(...IDS)),
  cause: fc.option(fc.constantFrom(...IDS, 'gone')),
  at: fc.integer({ min: 0, max: 120 }),
  service: fc.option(fc.integer({ min: 1, max: 3 })),
  topic: fc.constantFrom(...TOPICS),
  type: fc.constantFrom(...TYPES),
  body: fc.integer({ min: 0, max: 2 }),
  rootMark: fc.boolean(),
  span: fc.option(fc.integer({ min: 1, max: 4 })),
  parentSpan: fc.option(fc.integer({ min: 1, max: 5 })),
  links: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  dead: fc.boolean(),
});
const topology: fc.Arbitrary<Topology> = fc.record({
  version: fc.constant(1),
  consumes: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.subarray([...TOPICS])), { maxLength: 3 })
    .map((rows) => new Map(rows.map(([id, topics]) => [id, new Set<string>(topics)]))),
  causeTypes: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.subarray([1, 2, 3])), {
      maxLength: 3,
    })
    .map((rows) => new Map(rows.map(([service, type, causes]) => [madeBy(service, type), new Set(causes)]))),
});
const history = fc.array(sketch, { minLength: 1, maxLength: 14 });

/** What holds of the trace of any history under any topology. */
function always(holds: (trace: StitchedTrace, events: readonly StitchEvent[], known: Topology) => void): void {
  fc.assert(
    fc.property(history, topology, (sketches, known) => {
      const events = eventsOf(sketches);
      holds(stitch(events, known, OPTIONS), events, known);
    }),
    { numRuns: 200 },
  );
}

describe('stitch, for any history', () => {
  it('draws the directly-follows graph of one service that names no cause, repeats and ties included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(30), type: fc.constantFrom('a', 'b', 'c') }), { minLength: 1 }),
        (log) => {
          const trace = stitch(eventsOf(log.map((one) => ({ ...one, service: 1 }))), EMPTY_TOPOLOGY, OPTIONS);
          expect(trace.hops.map((hop) => hop.cause)).toEqual([null, ...trace.events.slice(0, -1)]);
        },
      ),
    );
  });

  it('gives one answer whatever the order in which the records came', () => {
    fc.assert(
      fc.property(history, topology, fc.infiniteStream(fc.nat()), (sketches, known, picks) => {
        const events = eventsOf(sketches);
        expect(stitch(shuffle(events, picks), known, OPTIONS)).toEqual(stitch(events, known, OPTIONS));
      }),
      { numRuns: 200 },
    );
  });

  it('is changed in nothing but its duplicates by records that come again', () => {
    fc.assert(
      fc.property(history, topology, fc.array(fc.nat({ max: 13 }), { maxLength: 6 }), (sketches, known, again) => {
        const events = eventsOf(sketches);
        const copies = again.flatMap((at, copy) => {
          const event = events[at];
          if (event?.eventKey == null) return [];
          return [
            { ...event, offset: BigInt(100 + copy), recordedAt: (event.recordedAt + 1) as typeof event.recordedAt },
          ];
        });
        const { duplicates: more, ...trace } = stitch([...events, ...copies], known, OPTIONS);
        const { duplicates, ...once } = stitch(events, known, OPTIONS);
        expect(trace).toEqual(once);
        expect(more).toHaveLength(duplicates.length + copies.length);
      }),
      { numRuns: 200 },
    );
  });

  it('gives each standing event one hop from a parent or as a root, and no event is its own ancestor', () => {
    always((trace) => {
      const first = trace.hops.filter((hop) => hop.ordinal === 0);
      expect(first.map((hop) => hop.effect)).toEqual(trace.events);
      const parents = parentsOf(trace);
      for (const event of trace.events) expect(ancestorsOf(event, parents)).not.toContain(event);
    });
  });

  it('counts further causes up from 1, none twice, and none that hangs below its effect', () => {
    always((trace) => {
      const parents = parentsOf(trace);
      for (const event of trace.events) {
        const hops = trace.hops.filter((hop) => hop.effect === event);
        expect(hops.map((hop) => hop.ordinal)).toEqual(hops.map((_, at) => at));
        expect(new Set(hops.map((hop) => hop.cause)).size).toBe(hops.length);
        for (const { cause } of hops.slice(1)) {
          expect(cause === null ? [event] : [cause, ...ancestorsOf(cause, parents)]).not.toContain(event);
        }
      }
    });
  });

  it('loses no record: standing events and duplicates together are the input', () => {
    always((trace, events) => {
      const kept = [...trace.events, ...trace.duplicates.map(({ copy }) => copy)];
      expect(kept.map((event) => event.offset).sort()).toEqual(events.map((event) => event.offset).sort());
    });
  });

  it('says of every dead letter that it is an outcome, and what it is a stage of where its id is known', () => {
    always((trace) => {
      expect(trace.outcomes.map(({ event }) => event)).toEqual(trace.events.filter((event) => event.deadLetter));
      for (const { of, event } of trace.stages) expect([of.eventKey, of.deadLetter]).toEqual([event.eventKey, false]);
    });
  });

  it('flags exactly the negative hops and the inferred ones over a gap', () => {
    always((trace) => {
      for (const { hopUs, evidence, flags } of trace.hops) {
        expect(flags.includes('clock_skew')).toBe(hopUs !== null && hopUs < 0);
        expect(flags.includes('across_gap')).toBe(evidence === 'order' && (hopUs ?? 0) > 50_000);
      }
    });
  });

  it('follows the critical path of every episode by parents to its last event, and shares out its time', () => {
    always((trace) => {
      const parents = parentsOf(trace);
      expect(trace.episodes.flatMap((episode) => episode.events)).toEqual(trace.events);
      for (const { events, criticalPath, waitsUs, durationUs } of trace.episodes) {
        expect(criticalPath.at(-1)?.event).toBe(events.at(-1));
        criticalPath.slice(1).forEach(({ event }, at) => {
          expect(parents.get(event)).toBe(criticalPath[at]?.event);
        });
        const shared = criticalPath.reduce((sum, step) => sum + step.share, 0);
        expect(shared === 0 || Math.abs(shared - 1) < 1e-9).toBe(true);
        expect(waitsUs.reduce((sum, waitUs) => sum + waitUs, 0)).toBe(durationUs);
      }
    });
  });

  it('pairs a reply once, and only with a request of its words', () => {
    always((trace) => {
      const replies = trace.replies.map(({ reply }) => reply);
      expect(new Set(replies).size).toBe(replies.length);
      for (const { request, reply } of trace.replies) {
        expect([request.typeText, reply.typeText]).toEqual(['code-requested', 'code-completed']);
      }
    });
  });

  it('gives sealed events no hop, and takes them for causes all the same', () => {
    fc.assert(
      fc.property(history, topology, fc.subarray([...Array(14).keys()]), (sketches, known, places) => {
        const frozen = new Set(
          places.map((offset) => recordKey({ incarnationId: 1, partition: 0, offset: BigInt(offset) })),
        );
        const trace = stitch(eventsOf(sketches), known, { ...OPTIONS, frozen });
        const open = trace.events.filter((event) => !frozen.has(recordKey(event)));
        expect(trace.hops.filter((hop) => hop.ordinal === 0).map((hop) => hop.effect)).toEqual(open);
      }),
    );
  });

  it('infers by its shortcuts what the spelled-out rule infers', () => {
    fc.assert(fc.property(history, topology, namedPicks, expectSpelledOutCauses), { numRuns: 400 });
  });

  it('does so in long talks of two services, where much is asked at once, answered late or never', () => {
    fc.assert(fc.property(talk, talkTopology, namedPicks, expectSpelledOutCauses), { numRuns: 400 });
  });
});

const namedPicks = fc.array(fc.nat({ max: 40 }), { minLength: 40, maxLength: 40 });

/** Mostly asks and answers; waits are short or long. */
const talk: fc.Arbitrary<Sketch[]> = fc
  .array(fc.record({ isAnswer: fc.boolean(), waitMs: fc.constantFrom(1, 1, 2, 9, 40), noted: fc.nat({ max: 9 }) }), {
    minLength: 10,
    maxLength: 36,
  })
  .map((turns) => {
    let at = 0;
    return turns.map(({ isAnswer, waitMs, noted }) => {
      at += waitMs;
      const type = noted === 0 ? 'noted' : isAnswer ? 'code-completed' : 'code-requested';
      return { at, service: isAnswer ? 2 : 1, type, topic: isAnswer ? 'responses' : 'requests' };
    });
  });
const talkTopology: fc.Arbitrary<Topology> = fc.subarray([1, 2]).map((services) => ({
  version: 1,
  consumes: new Map(services.map((id) => [id, new Set([id === 1 ? 'responses' : 'requests'])])),
  causeTypes: new Map(),
}));

/** Of the picks, each third names a cause before the event; the other events are silent. */
function expectSpelledOutCauses(sketches: readonly Sketch[], known: Topology, picks: readonly number[]): void {
  const ordered = eventsOf(sketches).sort(compareEvents);
  const parentAt = ordered.map((_, place) => {
    const pick = picks[place] ?? 1;
    return place > 0 && pick % 3 === 0 ? pick % place : -1;
  });
  const wanted = spelledOutCauses(ordered, known, parentAt);
  const order = causeByOrder(ordered, known, parentAt);
  ordered.forEach((_, place) => {
    if ((parentAt[place] ?? -1) < 0) parentAt[place] = order.ask(place);
    order.see(place, (parentAt[place] ?? -1) < 0);
  });
  expect(parentAt).toEqual(wanted);
}

function shuffle(events: readonly StitchEvent[], picks: Iterator<number>): StitchEvent[] {
  const rest = [...events];
  const out: StitchEvent[] = [];
  while (rest.length > 0) out.push(...rest.splice(picks.next().value % rest.length, 1));
  return out;
}

function parentsOf(trace: StitchedTrace): ReadonlyMap<StitchEvent, StitchEvent | null> {
  return new Map(trace.hops.flatMap(({ effect, cause, ordinal }) => (ordinal === 0 ? [[effect, cause]] : [])));
}

/** At most as many as there are events: a cycle shows as an event among its own ancestors. */
function ancestorsOf(event: StitchEvent, parents: ReadonlyMap<StitchEvent, StitchEvent | null>): StitchEvent[] {
  const found: StitchEvent[] = [];
  for (let here = parents.get(event); here != null && found.length <= parents.size; here = parents.get(here)) {
    found.push(here);
  }
  return found;
}
