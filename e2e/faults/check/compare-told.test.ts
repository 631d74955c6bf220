import { expect, test } from 'vitest';
import { compareTold, type ToldRequest, type Transition } from './compare-told.ts';

const [BEGAN, ENDED] = [1_000, 2_000];
const change = (to: Transition['to'], firing = 1): Transition => ({
  ...{ queue: 'q', fingerprint: 'f', firing, to },
  at: to === 'firing' ? BEGAN : ENDED,
});
const request = (status: string, webhookId: string, more: Partial<ToldRequest> = {}): ToldRequest => ({
  ...{ webhookId, text: status, taken: true },
  alerts: [{ fingerprint: 'f', status, startsAt: new Date(BEGAN).toISOString() }],
  ...more,
});
const HISTORY = [change('firing'), change('resolved')];
const kinds = (history: readonly Transition[], requests: readonly ToldRequest[], changes = 2) =>
  compareTold(new Map([['q', changes]]), history, requests).map(({ kind }) => kind);

test('each change once, repeated under its id until it is taken: no difference', () => {
  const refused = request('firing', 'a', { taken: false });
  expect(kinds(HISTORY, [refused, request('firing', 'a'), request('resolved', 'b'), request('resolved', 'b')])).toEqual(
    [],
  );
});

test('a change that no receiver took is lost, whatever was tried', () => {
  expect(kinds(HISTORY, [request('firing', 'a'), request('resolved', 'b', { taken: false })])).toEqual(['lost']);
  expect(kinds(HISTORY, [request('firing', 'a')])).toEqual(['lost']);
});

test('a firing that ended before it was told is told by its end, unless it was tried by itself', () => {
  expect(kinds(HISTORY, [request('resolved', 'b')])).toEqual([]);
  expect(kinds(HISTORY, [request('firing', 'a', { taken: false }), request('resolved', 'b')])).toEqual(['lost']);
});

test('a repeat under another id is told twice, and under the same id with another body has other bytes', () => {
  const ended = request('resolved', 'b');
  expect(kinds(HISTORY, [request('firing', 'a'), request('firing', 'c'), ended])).toEqual(['told twice']);
  expect(kinds(HISTORY, [request('firing', 'a'), request('firing', 'a', { text: 'x' }), ended])).toEqual([
    'other bytes',
  ]);
});

test('what was told and never happened is found, and so is a history that is not what was brought about', () => {
  expect(kinds(HISTORY.slice(0, 1), [request('firing', 'a'), request('resolved', 'b')], 1)).toEqual(['never happened']);
  expect(kinds(HISTORY, [request('firing', 'a'), request('resolved', 'b')], 3)).toEqual(['history']);
  expect(kinds([...HISTORY, change('resolved')], [request('firing', 'a'), request('resolved', 'b')])).toEqual([
    'history',
  ]);
});
