import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Follow } from '../model/follow.ts';
import type { Expectations, ExpectedFlow } from '../model/waiting.ts';
import { nextExpected } from './next-expected.ts';

const SECOND = 1_000_000;

const follow = (typeId: number, followId: number, more: Partial<Follow> = {}): Follow => ({
  ...{ typeId, followId, traces: 20, followed: 20, least: 0.88 },
  ...{ typicalUs: SECOND, p95Us: SECOND, p99Us: SECOND, waitUs: 5 * SECOND, instead: [] },
  ...more,
});
const learned = (...follows: readonly Follow[]): Expectations => ({
  flows: [],
  follows: new Map(
    [...new Set(follows.map(({ typeId }) => typeId))].map((id) => [id, follows.filter((f) => f.typeId === id)]),
  ),
});
const flow = (steps: readonly (number | null)[], endIds: readonly number[] = []): ExpectedFlow => ({
  name: 'Ask',
  startId: 1,
  endIds: new Set(endIds),
  steps: steps.map((typeId) => ({
    ...{ typeId, eventType: `type ${typeId}`, withinUs: 10 * SECOND, service: null, group: null },
  })),
});
const episode = (types: readonly number[], more = {}) => ({
  types: types.map((typeId, place) => ({ typeId, us: place * SECOND })),
  rootTypeId: types[0] ?? 0,
  failed: false,
  ...more,
});

describe('what is learned', () => {
  test('is waited for until twice its p99 has passed, then it is overdue', () => {
    const known = learned(follow(1, 2));
    expect(nextExpected(episode([1]), known, 5 * SECOND)).toEqual({ kind: 'waiting', dueUs: 5 * SECOND });
    expect(nextExpected(episode([1]), known, 5 * SECOND + 1)).toMatchObject({
      kind: 'overdue',
      missing: { after: { typeId: 1 }, typeId: 2, declared: null, learned: { traces: 20 } },
    });
    expect(nextExpected(episode([1, 2]), known, 90 * SECOND)).toEqual({ kind: 'nothing' });
  });

  test('is missed at the latest step before it, and of several the first that would have come', () => {
    const known = learned(
      follow(1, 3, { typicalUs: 3 * SECOND }),
      follow(2, 3),
      follow(1, 4, { typicalUs: 9 * SECOND }),
    );
    expect(nextExpected(episode([1, 2]), known, 60 * SECOND)).toMatchObject({
      missing: { after: { typeId: 2, us: SECOND }, typeId: 3 },
    });
  });

  test('is not missed before what usually comes before it, however late that may be', () => {
    const known = learned(follow(1, 2, { waitUs: 20 * SECOND }), follow(1, 3, { typicalUs: 0 }), follow(2, 3));
    expect(nextExpected(episode([1]), known, 10 * SECOND)).toEqual({ kind: 'waiting', dueUs: 20 * SECOND });
    expect(nextExpected(episode([1]), known, 21 * SECOND)).toMatchObject({ missing: { typeId: 2 } });
  });

  test('is not waited for when something came instead, or the episode has failed', () => {
    const known = learned(follow(1, 2, { instead: [1, 9] }));
    expect(nextExpected(episode([1, 9]), known, 60 * SECOND)).toEqual({ kind: 'nothing' });
    expect(nextExpected(episode([1]), known, 60 * SECOND).kind).toBe('overdue');
    expect(nextExpected(episode([1], { failed: true }), known, 60 * SECOND)).toEqual({ kind: 'nothing' });
  });
});

describe('what is declared', () => {
  const declared = (steps: readonly (number | null)[], endIds: readonly number[] = []): Expectations => ({
    flows: [flow(steps, endIds)],
    follows: new Map(),
  });

  test('is missed by name also where no event ever was one', () => {
    expect(nextExpected(episode([1, 2]), declared([1, 2, null]), 12 * SECOND)).toMatchObject({
      missing: {
        after: { typeId: 2 },
        typeId: null,
        dueUs: 11 * SECOND,
        declared: { flow: 'Ask', step: { eventType: 'type null' } },
      },
    });
  });

  test('ends with a declared end, and begins with the declared begin', () => {
    expect(nextExpected(episode([1, 8]), declared([1, 2], [8]), 60 * SECOND)).toEqual({ kind: 'nothing' });
    expect(nextExpected(episode([5]), declared([1, 2]), 60 * SECOND)).toEqual({ kind: 'nothing' });
    // The newest episode of a trace that began so an hour ago has only a late event.
    expect(nextExpected(episode([5], { rootTypeId: 1 }), declared([1, 2]), 60 * SECOND)).toEqual({ kind: 'nothing' });
  });

  test('that the flow has gone past does not stop it', () => {
    expect(nextExpected(episode([1, 3]), declared([1, 2, 3]), 60 * SECOND)).toEqual({ kind: 'nothing' });
  });

  test('alone says when its own steps are overdue', () => {
    const known = { ...learned(follow(1, 2), follow(1, 3)), flows: [flow([1, 2, 3])] };
    expect(nextExpected(episode([1]), known, 9 * SECOND)).toEqual({ kind: 'waiting', dueUs: 10 * SECOND });
    expect(nextExpected(episode([1]), known, 11 * SECOND)).toMatchObject({ missing: { typeId: 2 } });
  });

  test('is missed of the flow that the episode is in, where several begin alike', () => {
    const card = flow([1, 2, 3], [9]);
    const invoice = { ...flow([4, 5], [8]), name: 'Invoice' };
    for (const flows of [
      [card, invoice],
      [invoice, card],
    ]) {
      const known = { flows, follows: new Map() };
      expect(nextExpected(episode([1, 8]), known, 60 * SECOND)).toEqual({ kind: 'nothing' });
      expect(nextExpected(episode([1, 4, 5]), known, 60 * SECOND)).toEqual({ kind: 'nothing' });
      expect(nextExpected(episode([1, 4]), known, 60 * SECOND)).toMatchObject({ missing: { typeId: 5 } });
      expect(nextExpected(episode([1, 2]), known, 60 * SECOND)).toMatchObject({
        missing: { typeId: 3, declared: { flow: 'Ask' } },
      });
      expect(nextExpected(episode([1]), known, 60 * SECOND).kind).toBe('overdue');
    }
    // While it may still be in either, the one that takes longer is waited for.
    const slow = flow([6]).steps.map((step) => ({ ...step, withinUs: 40 * SECOND }));
    const known = { flows: [card, { ...invoice, steps: slow }], follows: new Map() };
    expect(nextExpected(episode([1]), known, 20 * SECOND)).toEqual({ kind: 'waiting', dueUs: 40 * SECOND });
  });

  test('goes before what is learned of the same type, with what is learned beside it', () => {
    const both = { ...learned(follow(1, 2)), flows: [flow([1, 2])] };
    expect(nextExpected(episode([1]), both, 6 * SECOND)).toEqual({ kind: 'waiting', dueUs: 10 * SECOND });
    expect(nextExpected(episode([1]), both, 11 * SECOND)).toMatchObject({
      missing: { declared: { flow: 'Ask' }, learned: { traces: 20 } },
    });
  });
});

test('of any episode and any knowledge the answer is what a search of all pairs finds', () => {
  const id = fc.integer({ min: 1, max: 6 });
  const someFollow = fc
    .record({
      typeId: id,
      followId: id,
      typicalUs: fc.nat(9),
      waitUs: fc.nat(20),
      instead: fc.array(id, { maxLength: 2 }),
    })
    .map((given) => follow(given.typeId, given.followId, given));
  fc.assert(
    fc.property(
      fc.uniqueArray(someFollow, { selector: ({ typeId, followId }) => `${typeId} ${followId}`, maxLength: 12 }),
      fc.uniqueArray(id, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }),
      fc.nat(30),
      (follows, order, gaps, nowUs) => {
        let us = 0;
        const types = order.map((typeId, place) => {
          us += gaps[place] ?? 0;
          return { typeId, us };
        });
        const answer = nextExpected({ types, rootTypeId: order[0] ?? 0, failed: false }, learned(...follows), nowUs);
        // For each missing type the latest step (of two at once the later in order) that leads to it.
        const found = [1, 2, 3, 4, 5, 6].flatMap((missing) => {
          const leads = types.filter(({ typeId }) =>
            follows.some(
              (f) =>
                f.typeId === typeId &&
                f.followId === missing &&
                !f.instead.some((other) => other !== typeId && order.includes(other)),
            ),
          );
          const after = leads.at(-1);
          const by = follows.find((f) => f.typeId === after?.typeId && f.followId === missing);
          return order.includes(missing) || after === undefined || by === undefined
            ? []
            : [{ missing, dueUs: after.us + by.waitUs, usualUs: after.us + by.typicalUs }];
        });
        const overdue = found
          .filter(({ dueUs }) => dueUs < nowUs)
          .filter(({ missing }) =>
            found.every((other) => !follows.some((f) => f.typeId === other.missing && f.followId === missing)),
          )
          .sort((a, b) => a.usualUs - b.usualUs || a.missing - b.missing)[0];
        if (overdue !== undefined)
          expect(answer).toMatchObject({ kind: 'overdue', missing: { typeId: overdue.missing, dueUs: overdue.dueUs } });
        else if (found.some(({ dueUs }) => dueUs >= nowUs))
          expect(answer).toEqual({
            kind: 'waiting',
            dueUs: Math.min(...found.map(({ dueUs }) => dueUs).filter((dueUs) => dueUs >= nowUs)),
          });
        else expect(answer).toEqual({ kind: 'nothing' });
      },
    ),
    { numRuns: 500, seed: 13 },
  );
});
