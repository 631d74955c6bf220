import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Follow, Learned, SampledEpisode } from '../model/follow.ts';
import { LEAST_TRACES, learnFollows, leastShare } from './learn-follows.ts';

const SECOND = 1_000_000;

/** Episodes of few types, so that pairs repeat; ages about the limit from which an episode says no. */
const episode: fc.Arbitrary<SampledEpisode> = fc
  .record({
    order: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
    gaps: fc.array(fc.integer({ min: 0, max: 4 * SECOND }), { minLength: 5, maxLength: 5 }),
    late: fc.integer({ min: 0, max: 20 * SECOND }),
    ageUs: fc.integer({ min: 0, max: 120 * SECOND }),
    stalled: fc.boolean(),
  })
  .map(({ order, gaps, late, ageUs, stalled }) => {
    let us = 0;
    const types = order.map((typeId, place) => {
      us += gaps[place] ?? 0;
      return {
        typeId,
        us,
        seenUs: us + (place % 2 === 0 ? 0 : late),
        serviceId: typeId % 3 || null,
        incarnationId: typeId,
      };
    });
    return { types, ageUs, stalled };
  });

/** Episodes where 1 → 2 → 3 is usual, so that something is learned. */
const usual: fc.Arbitrary<SampledEpisode> = fc
  .record({
    ends: fc.integer({ min: 0, max: 12 }),
    ageUs: fc.integer({ min: 20 * SECOND, max: 400 * SECOND }),
    us: fc.nat(SECOND),
  })
  .map(({ ends, ageUs, us }) => ({
    types: [1, 2, 3].slice(0, ends === 0 ? 2 : 3).map((typeId, place) => ({
      ...{ typeId, us: place * us, seenUs: place * us, serviceId: 7, incarnationId: typeId },
    })),
    ageUs,
    stalled: false,
  }));

const sample = fc
  .array(fc.oneof(episode, { arbitrary: usual, weight: 15 }), { maxLength: 80, size: 'max' })
  .chain((episodes) => fc.tuple(fc.constant(episodes), fc.subarray([1, 2, 3, 4, 5])));

/** The definition, written down without any thought of speed. */
function oracle(episodes: readonly SampledEpisode[], stalledForADay: ReadonlySet<number>): Learned['follows'] {
  const has = ({ types }: SampledEpisode, id: number) => types.some(({ typeId }) => typeId === id);
  const at = ({ types }: SampledEpisode, id: number) => types.find(({ typeId }) => typeId === id);
  const counts = (one: SampledEpisode, id: number) => {
    const withIt = episodes.filter((each) => has(each, id));
    const most = withIt.filter(({ stalled }) => stalled).length * 2 > withIt.length;
    return !one.stalled || (stalledForADay.has(id) && most);
  };
  const rank = (values: readonly number[], share: number) =>
    [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;
  const follows: Omit<Follow, 'instead'>[] = [];
  for (const typeId of [1, 2, 3, 4, 5]) {
    for (const followId of [1, 2, 3, 4, 5]) {
      const counted = episodes.filter((each) => has(each, typeId) && counts(each, typeId));
      const isFollowed = ({ types }: SampledEpisode) =>
        types.findIndex((each) => each.typeId === followId) > types.findIndex((each) => each.typeId === typeId);
      const followed = counted.filter(isFollowed);
      const delay = (of: 'us' | 'seenUs') =>
        followed.map((each) => (at(each, followId)?.[of] ?? 0) - (at(each, typeId)?.us ?? 0));
      const waitUs = Math.max(2 * rank(delay('seenUs'), 0.99), 5 * SECOND);
      const settled = counted.filter(
        (each) => each.ageUs - (at(each, typeId)?.us ?? 0) > Math.max(waitUs + 10 * SECOND, 30 * SECOND),
      );
      const hits = settled.filter(isFollowed).length;
      if (followed.length < 9 || settled.length < LEAST_TRACES || leastShare(hits, settled.length) < 0.8) continue;
      follows.push({
        ...{ typeId, followId, traces: settled.length, followed: hits, least: leastShare(hits, settled.length) },
        ...{
          typicalUs: rank(delay('us'), 0.5),
          p95Us: rank(delay('us'), 0.95),
          p99Us: rank(delay('us'), 0.99),
          waitUs,
        },
      });
    }
  }
  const waitOf = (followId: number) => Math.max(...follows.filter((f) => f.followId === followId).map((f) => f.waitUs));
  return follows.map((follow) => {
    const { followId } = follow;
    const leads = follows.filter((each) => each.followId === followId).map(({ typeId }) => typeId);
    const settled = episodes.filter(
      ({ types, ageUs, stalled }) =>
        !stalled &&
        types.some(({ typeId }) => leads.includes(typeId)) &&
        ageUs - Math.max(...types.map(({ us }) => us)) > Math.max(waitOf(followId) + 10 * SECOND, 30 * SECOND),
    );
    const instead = [1, 2, 3, 4, 5].filter((id) => {
      const withIt = settled.filter((each) => has(each, id));
      return (
        id !== followId && withIt.length >= 3 && withIt.filter((each) => has(each, followId)).length * 2 < withIt.length
      );
    });
    return { ...follow, instead };
  });
}

const byPair = (a: { typeId: number; followId: number }, b: { typeId: number; followId: number }) =>
  a.typeId - b.typeId || a.followId - b.followId;

test('what is learned is what the definition says, of any sample', () => {
  let learnedAny = 0;
  fc.assert(
    fc.property(sample, ([episodes, givenUp]) => {
      const options = { known: [], stalledForADay: new Set(givenUp) };
      const { follows } = learnFollows(episodes, options);
      learnedAny += follows.length;
      expect([...follows].sort(byPair)).toEqual([...oracle(episodes, options.stalledForADay)].sort(byPair));
    }),
    { numRuns: 400, seed: 11 },
  );
  expect(learnedAny).toBeGreaterThan(50);
});

test('the order of the sample does not change what is learned', () => {
  fc.assert(
    fc.property(sample, fc.nat(), ([episodes], turn) => {
      const options = { known: [], stalledForADay: new Set<number>() };
      const turned = [
        ...episodes.slice(turn % (episodes.length + 1)),
        ...episodes.slice(0, turn % (episodes.length + 1)),
      ];
      expect(learnFollows(turned, options)).toEqual({
        ...learnFollows(episodes, options),
        makers: expect.arrayContaining([...learnFollows(episodes, options).makers]),
      });
    }),
    { numRuns: 100, seed: 12 },
  );
});

test('the least share is the lower root of Wilson’s equation', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), (all, some) => {
      const hits = Math.min(all, some);
      const p = leastShare(hits, all);
      const share = hits / all;
      expect(p).toBeLessThanOrEqual(share + 1e-12);
      expect((share - p) ** 2).toBeCloseTo((1.645 ** 2 * p * (1 - p)) / all, 6);
    }),
  );
});
