import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY, type StitchEvent, type StitchedTrace } from '../model/trace.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { stitch } from './stitch.ts';

const OPTIONS = { episodeGapMs: 30 * 60_000 };
const stitched = (...sketches: Sketch[]) => stitch(eventsOf(sketches), EMPTY_TOPOLOGY, OPTIONS);
const name = (event: StitchEvent | null) => (event === null ? '-' : (event.eventKey ?? `#${event.offset}`));
/** One hop a line: effect <- cause by evidence, time in ms, flags. */
const drawn = (trace: StitchedTrace) =>
  trace.hops.map(({ effect, cause, evidence, hopUs, flags }) =>
    [name(effect), '<-', name(cause), evidence, ...(hopUs === null ? [] : [hopUs / 1000]), ...flags].join(' '),
  );

describe('stitch', () => {
  it('follows causation ids, whatever the clocks and the services say', () => {
    const trace = stitched(
      { id: 'a', at: 0 },
      { id: 'b', at: 10, cause: 'a', service: 2 },
      { id: 'c', at: 20, cause: 'a', service: 3 },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 10', 'c <- a causation 20']);
  });

  it('infers the latest earlier event of another service where no cause is named', () => {
    const trace = stitched(
      { id: 'ask', at: 0, service: 1 },
      { id: 'stamp', at: 5, service: 2 },
      { id: 'assess', at: 9, service: 2 },
      { id: 'reply', at: 12, service: 1 },
    );
    expect(drawn(trace)).toEqual([
      'ask <- - root',
      'stamp <- ask order 5',
      'assess <- ask order 9',
      'reply <- assess order 3',
    ]);
  });

  it('falls back to the event before where only one service speaks', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 1 }, { id: 'c', at: 3 }))).toEqual([
      'a <- - root',
      'b <- a order 1',
      'c <- b order 2',
    ]);
  });

  it('prefers an event on a topic that the service consumes', () => {
    const topology = { version: 2, consumes: new Map([[3, new Set(['requests'])]]) };
    const events = eventsOf([
      { id: 'ask', at: 0, service: 1, topic: 'requests' },
      { id: 'noise', at: 5, service: 2, topic: 'metrics' },
      { id: 'answer', at: 9, service: 3, topic: 'responses' },
    ]);
    expect(drawn(stitch(events, topology, OPTIONS))).toContain('answer <- ask order 9');
  });

  it('keeps one of several copies and says which', () => {
    const trace = stitched(
      { id: 'a', at: 0, body: 7 },
      { id: 'b', at: 10, cause: 'a' },
      { id: 'a', at: 0, body: 7 },
      { id: 'a', at: 0, body: 7 },
    );
    expect(trace.events.map(name)).toEqual(['a', 'b']);
    expect(trace.duplicates.map(({ of, copy }) => [of.offset, copy.offset])).toEqual([
      [0n, 2n],
      [0n, 3n],
    ]);
  });

  it('lets both stand when the same id has another body, and says so', () => {
    const trace = stitched({ id: 'a', at: 0, body: 7 }, { id: 'a', at: 1, body: 8 });
    expect(trace.events).toHaveLength(2);
    expect(trace.duplicates).toEqual([]);
    expect(trace.conflicts.map(({ of, copy }) => [of.offset, copy.offset])).toEqual([[0n, 1n]]);
  });

  it('takes the same id on another topic for another event', () => {
    const trace = stitched({ id: 'a', at: 0, body: 7 }, { id: 'a', at: 1, body: 7, topic: 'retry' });
    expect(trace.events).toHaveLength(2);
    expect(trace.duplicates).toEqual([]);
  });

  it('reads a causation id equal to the correlation id as a root', () => {
    const trace = stitched(
      { id: 'a', at: 0, service: 1 },
      { id: 'b', at: 5, service: 2, cause: 'corr', rootMark: true },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- - root']);
  });

  it('follows it all the same when an event has the correlation id as its own id', () => {
    const trace = stitched({ id: 'corr', at: 0 }, { id: 'b', at: 5, cause: 'corr', rootMark: true });
    expect(drawn(trace)).toContain('b <- corr causation 5');
  });

  it('takes an event that names itself for one that names nothing', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 5, cause: 'b' }))).toContain('b <- a order 5');
  });

  it('infers a parent for an event whose named cause is not here, and flags it', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 5, cause: 'gone' }))).toContain(
      'b <- a order 5 dangling_cause',
    );
    expect(drawn(stitched({ id: 'b', at: 5, cause: 'gone' }))).toEqual(['b <- - root dangling_cause']);
  });

  it('keeps a negative hop and calls it clock skew', () => {
    expect(drawn(stitched({ id: 'a', at: 12 }, { id: 'b', at: 0, cause: 'a' }))).toEqual([
      'b <- a causation -12 clock_skew',
      'a <- - root',
    ]);
  });

  it('flags an inferred hop over an episode gap, and not a named one', () => {
    const hour = 3_600_000;
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: hour }))).toContain(`b <- a order ${hour} across_gap`);
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: hour, cause: 'a' }))).toContain(
      `b <- a causation ${hour}`,
    );
  });

  it('cuts a cycle of causes at its earliest event', () => {
    const trace = stitched(
      { id: 'a', at: 0, cause: 'c' },
      { id: 'b', at: 1, cause: 'a' },
      { id: 'c', at: 2, cause: 'b' },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 1', 'c <- b causation 1']);
  });

  it('never lets an inferred parent close a cycle under clock skew', () => {
    // b is caused by c, whose clock is ahead; order alone would make b the parent of c.
    const trace = stitched({ id: 'b', at: 0, cause: 'c', service: 1 }, { id: 'c', at: 5, service: 2 });
    expect(drawn(trace)).toEqual(['b <- c causation -5 clock_skew', 'c <- - root']);
  });

  it('breaks ties of the same instant by record timestamp, topic, partition, offset', () => {
    const tied = eventsOf([
      { at: 0, topic: 'b' },
      { at: 0, topic: 'a' },
      { at: 0, topic: 'a' },
    ]);
    const trace = stitch(tied, EMPTY_TOPOLOGY, OPTIONS);
    expect(trace.events.map((event) => event.offset)).toEqual([1n, 2n, 0n]);
  });

  it('refuses an empty trace', () => {
    expect(() => stitch([], EMPTY_TOPOLOGY, OPTIONS)).toThrow(RangeError);
  });
});
