import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StitchEvent, Topology } from '../model/trace.ts';
import { compareEvents } from './canonical-order.ts';
import { causeByOrder, walkBack } from './cause-by-order.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { stitch } from './stitch.ts';

const OPTIONS = { episodeGapMs: 50 };
const TOPICS = ['requests', 'responses', 'events'] as const;
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Small ranges on purpose: collisions, ties, cycles, copies and dangling causes are then common. */
const sketch: fc.Arbitrary<Sketch> = fc.record({
  id: fc.option(fc.constantFrom(...IDS)),
  cause: fc.option(fc.constantFrom(...IDS, 'gone')),
  at: fc.integer({ min: 0, max: 120 }),
  service: fc.option(fc.integer({ min: 1, max: 3 })),
  topic: fc.constantFrom(...TOPICS),
  body: fc.integer({ min: 0, max: 2 }),
  rootMark: fc.boolean(),
});
const topology: fc.Arbitrary<Topology> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.subarray([...TOPICS])), { maxLength: 3 })
  .map((rows) => ({ version: 1, consumes: new Map(rows.map(([id, topics]) => [id, new Set<string>(topics)])) }));
const history = fc.array(sketch, { minLength: 1, maxLength: 14 });

describe('stitch, for any history', () => {
  it('gives one answer whatever order and however often the records came', () => {
    fc.assert(
      fc.property(history, topology, fc.infiniteStream(fc.nat()), (sketches, known, picks) => {
        const events = eventsOf(sketches);
        const shuffled = shuffle(events, picks);
        expect(stitch(shuffled, known, OPTIONS)).toEqual(stitch(events, known, OPTIONS));
      }),
      { numRuns: 400 },
    );
  });

  it('gives each standing event one hop, and no event is its own ancestor', () => {
    fc.assert(
      fc.property(history, topology, (sketches, known) => {
        const trace = stitch(eventsOf(sketches), known, OPTIONS);
        expect(trace.hops.map((hop) => hop.effect)).toEqual(trace.events);
        const parents = new Map(trace.hops.map((hop) => [hop.effect, hop.cause]));
        for (const event of trace.events) expect(depthOf(event, parents)).toBeLessThanOrEqual(trace.events.length);
      }),
      { numRuns: 400 },
    );
  });

  it('loses no record: standing events and duplicates together are the input', () => {
    fc.assert(
      fc.property(history, topology, (sketches, known) => {
        const events = eventsOf(sketches);
        const trace = stitch(events, known, OPTIONS);
        const kept = [...trace.events, ...trace.duplicates.map(({ copy }) => copy)];
        expect(kept.map((event) => event.offset).sort()).toEqual(events.map((event) => event.offset).sort());
      }),
    );
  });

  it('infers, where no cause is named, exactly what the rule reads', () => {
    fc.assert(
      fc.property(history, topology, (sketches, known) => {
        // Without causation ids every hop is inferred, and the spelled-out rule is the oracle.
        const events = eventsOf(sketches.map(({ cause: _, rootMark: __, ...rest }) => rest));
        const trace = stitch(events, known, OPTIONS);
        trace.hops.forEach((hop, index) => {
          expect(hop.cause).toBe(walkBack(hop.effect, trace.events.slice(0, index), known, () => false));
        });
      }),
      { numRuns: 400 },
    );
  });

  it('finds by its shortcuts what the spelled-out rule finds, refusals included', () => {
    fc.assert(
      fc.property(
        history,
        topology,
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        (sketches, known, bad) => {
          const events = eventsOf(sketches).sort(compareEvents);
          const refuse = (candidate: StitchEvent) => bad[Number(candidate.offset)] === true;
          const fast = causeByOrder(known);
          events.forEach((event, index) => {
            expect(fast.next(event, refuse)).toBe(walkBack(event, events.slice(0, index), known, refuse));
          });
        },
      ),
      { numRuns: 400 },
    );
  });
});

function shuffle(events: readonly StitchEvent[], picks: Iterator<number>): StitchEvent[] {
  const rest = [...events];
  const out: StitchEvent[] = [];
  while (rest.length > 0) out.push(...rest.splice(picks.next().value % rest.length, 1));
  return out;
}

function depthOf(event: StitchEvent, parents: ReadonlyMap<StitchEvent, StitchEvent | null>): number {
  let depth = 0;
  for (
    let here = parents.get(event) ?? null;
    here !== null && depth <= parents.size;
    here = parents.get(here) ?? null
  ) {
    depth += 1;
  }
  return depth;
}
