import { expect, test } from 'vitest';
import { createSettlePace } from './settle-pace.ts';

const TURN = { tookMs: 50, filled: 0.2 };
const FULL = { tookMs: 50, filled: 1 };

test('while nothing is stored settle does not rest', () => {
  const pace = createSettlePace();
  expect(pace.restAfter(TURN, 0)).toBe(0);
  pace.stored({ records: 10, left: 0, tookMs: 20 }, 100);
  expect(pace.restAfter(TURN, 1_099)).toBe(40);
  expect(pace.restAfter(TURN, 1_100)).toBe(0);
});

test('while records come in it rests nearly as long as it worked, and not at all once its turns are full', () => {
  const pace = createSettlePace();
  pace.stored({ records: 10, left: 40, tookMs: 20 }, 0);
  expect(pace.restAfter({ tookMs: 50, filled: 0 }, 1)).toBe(50);
  expect(pace.restAfter({ tookMs: 50, filled: 0.5 }, 1)).toBe(25);
  expect(pace.restAfter(FULL, 1)).toBe(0);
});

test('marks that pile up wait as long as storing is behind the topics, and a second more', () => {
  const pace = createSettlePace();
  pace.stored({ records: 100, left: 1_001, tookMs: 20 }, 0);
  pace.stored({ records: 100, left: 0, tookMs: 20 }, 900);
  expect(pace.restAfter(FULL, 999)).toBe(200);
  expect(pace.restAfter(FULL, 1_000)).toBe(0);
});

test('what comes in while a large batch is stored is no backlog', () => {
  const pace = createSettlePace();
  pace.stored({ records: 3_000, left: 12_000, tookMs: 20 }, 0);
  expect(pace.restAfter(FULL, 1)).toBe(0);
  pace.stored({ records: 3_000, left: 12_001, tookMs: 20 }, 1);
  expect(pace.restAfter(FULL, 1)).toBe(200);
});

test('marks wait while batches take long to be stored, though all that came was read: the machine is full', () => {
  const pace = createSettlePace();
  pace.stored({ records: 50, left: 0, tookMs: 60 }, 0);
  expect(pace.restAfter(FULL, 1)).toBe(0);
  pace.stored({ records: 50, left: 0, tookMs: 61 }, 100);
  pace.stored({ records: 50, left: 0, tookMs: 20 }, 200);
  expect(pace.restAfter(FULL, 1_099)).toBe(200);
  expect(pace.restAfter(FULL, 1_100)).toBe(0);
});
