import { expect, test } from 'vitest';
import type { SampledEpisode } from '../model/follow.ts';
import { type LearnOptions, learnFollows } from './learn-follows.ts';

const SECOND = 1_000_000;
const NOTHING_KNOWN: LearnOptions = { known: [], stalledForADay: new Set() };

/** An episode of these types, half a second apart, that began two minutes ago. */
const of = (types: readonly number[], more: Partial<SampledEpisode> = {}): SampledEpisode => ({
  types: types.map((typeId, place) => ({
    ...{ typeId, us: (place * SECOND) / 2, seenUs: (place * SECOND) / 2, serviceId: typeId, incarnationId: typeId },
  })),
  ageUs: 120 * SECOND,
  stalled: false,
  ...more,
});
const times = (n: number, episode: SampledEpisode) => Array.from({ length: n }, () => episode);
const pairs = (sample: readonly SampledEpisode[], options = NOTHING_KNOWN) =>
  learnFollows(sample, options).follows.map(({ typeId, followId }) => [typeId, followId]);

test('twelve episodes are enough when all of them go on, eleven are not', () => {
  expect(pairs(times(12, of([1, 2])))).toEqual([[1, 2]]);
  expect(pairs(times(11, of([1, 2])))).toEqual([]);
  expect(learnFollows(times(12, of([1, 2])), NOTHING_KNOWN).follows).toMatchObject([
    { traces: 12, followed: 12, typicalUs: SECOND / 2, p95Us: SECOND / 2, waitUs: 5 * SECOND },
  ]);
});

test('what follows in two of three is not usual', () => {
  expect(pairs([...times(40, of([1, 2])), ...times(20, of([1]))])).toEqual([]);
});

test('a running episode says neither yes nor no', () => {
  expect(pairs([...times(12, of([1, 2])), ...times(100, of([1], { ageUs: 29 * SECOND }))])).toEqual([[1, 2]]);
  expect(pairs(times(12, of([1, 2], { ageUs: 29 * SECOND })))).toEqual([]);
});

test('a group that is silent for hours does not unlearn what it should do', () => {
  const stalled = times(500, of([1], { stalled: true }));
  expect(pairs([...times(12, of([1, 2])), ...stalled])).toEqual([[1, 2]]);
});

test('after a whole day in which most are stalled, that is what happens', () => {
  const stalled = times(500, of([1], { stalled: true }));
  expect(pairs([...times(12, of([1, 2])), ...stalled], { known: [], stalledForADay: new Set([1]) })).toEqual([]);
  const few = times(11, of([1], { stalled: true }));
  expect(pairs([...times(12, of([1, 2])), ...few], { known: [], stalledForADay: new Set([1]) })).toEqual([[1, 2]]);
});

test('what is known is not forgotten at once when its share falls a little', () => {
  const sample = [...times(40, of([1, 2])), ...times(7, of([1]))];
  expect(pairs(sample)).toEqual([]);
  expect(pairs(sample, { ...NOTHING_KNOWN, known: [{ typeId: 1, followId: 2 }] })).toEqual([[1, 2]]);
});

test('a wait counts from when the record came, not from when it says it happened', () => {
  const [late] = times(1, of([1, 2]));
  const sample = times(12, {
    ...of([1, 2]),
    types: (late?.types ?? []).map((type) => (type.typeId === 2 ? { ...type, seenUs: 20 * SECOND } : type)),
  });
  expect(learnFollows(sample, NOTHING_KNOWN).follows).toMatchObject([{ p99Us: SECOND / 2, waitUs: 40 * SECOND }]);
});

test('a type that comes instead of another means that the other will not come', () => {
  const { follows } = learnFollows([...times(100, of([1, 2, 3])), ...times(5, of([1, 4]))], NOTHING_KNOWN);
  expect(follows.find(({ typeId, followId }) => typeId === 1 && followId === 2)?.instead).toEqual([4]);
});

test('of each type it is known who mostly produces it, and where', () => {
  const other: SampledEpisode = of([2]);
  const foreign = { ...other, types: other.types.map((type) => ({ ...type, serviceId: 9, incarnationId: 8 })) };
  expect(learnFollows([...times(3, of([2])), foreign], NOTHING_KNOWN).makers).toEqual([
    { typeId: 2, serviceId: 2, incarnationIds: [2, 8] },
  ]);
});

test('a sample of many types, all alike or all unlike, takes bounded time', () => {
  let id = 0;
  const unlike = Array.from({ length: 1_000 }, () =>
    of(
      Array.from({ length: 64 }, () => {
        id += 1;
        return id;
      }),
    ),
  );
  const alike = times(1_000, of(Array.from({ length: 64 }, (_, index) => index + 1)));
  const began = performance.now();
  expect(pairs(unlike)).toEqual([]);
  expect(pairs(alike)).toHaveLength((32 * 31) / 2);
  expect(performance.now() - began).toBeLessThan(5_000);
});
