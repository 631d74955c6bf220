import { expect, test } from 'vitest';
import { createObjectives, HOP_OBJECTIVE_MS, NO_OBJECTIVES } from './objectives.ts';

const objective = (eventType: string, p95Ms: number) => ({ eventType, p95Ms });

test('without a word hops have the default, flows and replies none', () => {
  const { hopMs, msOf } = createObjectives(NO_OBJECTIVES);
  expect([hopMs('a'), msOf('hop', 'a'), msOf('flow', 'a'), msOf('reply', 'a')]).toEqual([
    HOP_OBJECTIVE_MS,
    HOP_OBJECTIVE_MS,
    null,
    null,
  ]);
});

test('the first that matches counts, each kind of time by its own list', () => {
  const { msOf } = createObjectives({
    hops: [objective('order.placed', 250), objective('^order', 500), objective('.*', 1000)],
    flows: [objective('order.placed', 5000)],
    replies: [objective('^quality', 2000)],
  });
  expect(['order.placed', 'order.placed.v2', 'stock.reserved'].map((type) => msOf('hop', type))).toEqual([
    250, 500, 1000,
  ]);
  expect(['order.placed', 'order.placed.v2'].map((type) => msOf('flow', type))).toEqual([5000, null]);
  expect(['quality.assess', 'order.placed'].map((type) => msOf('reply', type))).toEqual([2000, null]);
});

test('what is of no one type is held to the default, whatever is declared for all types', () => {
  const all = [objective('.*', 5000)];
  const { msOf } = createObjectives({ hops: all, flows: all, replies: all });
  expect([msOf('hop', null), msOf('flow', null), msOf('reply', null)]).toEqual([HOP_OBJECTIVE_MS, null, null]);
});

test('more types than are remembered are answered alike', () => {
  const { hopMs } = createObjectives({ ...NO_OBJECTIVES, hops: [objective('7$', 700)] });
  for (let round = 0; round < 2; round += 1)
    for (let index = 0; index < 25_000; index += 1)
      if (hopMs(`type-${index}`) !== (index % 10 === 7 ? 700 : HOP_OBJECTIVE_MS)) throw new Error(`type-${index}`);
});
