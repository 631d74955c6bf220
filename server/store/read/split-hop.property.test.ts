import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Micros, micros } from '../../model/time.ts';
import { splitHop } from './split-hop.ts';

// Few instants, so that looks and events often fall together.
const instant = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 5_000_000 })).map(micros);
const looks = fc
  .tuple(instant, instant)
  .map(([one, other]) => ({ after: micros(Math.min(one, other)), before: micros(Math.max(one, other)) }));
const bounds = fc.oneof(
  looks,
  instant.map((before) => ({ after: null, before })),
);
const hops = fc
  .tuple(instant, instant)
  .map(([one, other]) => ({ cause: micros(Math.min(one, other)), effect: micros(Math.max(one, other)) }));

test('bounds are in order and within the hop, and the stretches add up to it', () => {
  fc.assert(
    fc.property(hops, bounds, (hop, commit) => {
      const split = splitHop(hop, commit);
      if (split.kind === 'unknown') return;
      const { untilCommit, afterCommit } = split;
      const hopUs = hop.effect - hop.cause;
      for (const { fromUs, toUs } of [untilCommit, afterCommit]) {
        expect(fromUs).toBeGreaterThanOrEqual(0);
        expect(toUs).toBeGreaterThanOrEqual(fromUs);
        expect(toUs).toBeLessThanOrEqual(hopUs);
      }
      expect(untilCommit.fromUs + afterCommit.toUs).toBe(hopUs);
      expect(untilCommit.toUs + afterCommit.fromUs).toBe(hopUs);
    }),
  );
});

test('wherever between the looks the commit was, its stretches lie within the bounds', () => {
  const commitWithin = fc.tuple(bounds, fc.double({ min: 0, max: 1, noNaN: true })).map(([commit, share]) => {
    const { after, before } = commit;
    const first = after ?? micros(0);
    return { commit, at: micros(first + Math.floor((before - first) * share)) };
  });
  fc.assert(
    fc.property(hops, commitWithin, (hop, { commit, at }) => {
      const split = splitHop(hop, commit);
      // A commit before its cause is what clocks that disagree look like.
      if (split.kind === 'unknown' || at < hop.cause) return;
      const until = Math.min(at, hop.effect) - hop.cause;
      expect(isWithin(until, split.untilCommit)).toBe(true);
      expect(isWithin(hop.effect - hop.cause - until, split.afterCommit)).toBe(true);
      if (split.commit === 'after_effect') expect(at).toBeGreaterThanOrEqual(hop.effect);
      if (split.commit === 'before_effect') expect(at).toBeLessThanOrEqual(hop.effect);
    }),
  );
});

test('a hop that cannot be split says what no bound would have said', () => {
  fc.assert(
    fc.property(instant, instant, bounds, (cause: Micros, effect: Micros, commit) => {
      const split = splitHop({ cause, effect }, commit);
      if (split.kind === 'split') return;
      const { after, before } = commit;
      const expected =
        effect < cause
          ? 'clock_skew'
          : before < cause
            ? 'clocks_disagree'
            : after === null
              ? 'not_watched'
              : 'too_coarse';
      expect(split.reason).toBe(expected);
    }),
  );
});

function isWithin(us: number, { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): boolean {
  return fromUs <= us && us <= toUs;
}
