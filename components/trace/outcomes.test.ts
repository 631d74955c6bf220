import { expect, test } from 'vitest';
import { outcomes, outcomeWords } from './outcomes.ts';
import { traceEvent } from './trace-event.test-support.ts';

const original = traceEvent('a', 0, undefined, { topic: 'orders', partition: 1, offset: '57' });
const other = traceEvent('b', 5, { id: 'a', hopMs: 5 });
const letter = (more: Parameters<typeof traceEvent>[3]) =>
  traceEvent(
    'd',
    9,
    { id: 'b', hopMs: 4 },
    { topic: 'orders.dlq', dead_letter: { reason: 'no', retries: null, original: null }, ...more },
  );
const of = (dead: ReturnType<typeof letter>) =>
  [...outcomes([original, other, dead])].map(([id, { id: by }]) => [id, by]);

test('a dead letter is the outcome of the event at the coordinates that it names', () => {
  const at = { reason: 'no', retries: null, original: { topic: 'orders', partition: 1, offset: '57' } };
  expect(of(letter({ dead_letter: at }))).toEqual([['a', 'd']]);
});

test('else of the event whose id it carries, else of its cause', () => {
  expect(of(letter({ event_id: 'a' }))).toEqual([['a', 'd']]);
  expect(of(letter({}))).toEqual([['b', 'd']]);
});

test('a dead letter whose original is not here, or that names itself, is nobody’s outcome', () => {
  const own = { reason: null, retries: null, original: { topic: 'orders.dlq', partition: 0, offset: '1' } };
  expect(of(letter({ dead_letter: own }))).toEqual([]);
  expect([...outcomes([letter({ event_id: 'x' })])]).toEqual([]);
});

test('the words name topic, retries and reason', () => {
  const after = (retries: number) => outcomeWords(letter({ dead_letter: { reason: 'no', retries, original: null } }));
  expect([0, 1, 3].map(after)).toEqual([
    'dead-lettered on orders.dlq at the first try, no',
    'dead-lettered on orders.dlq after 1 retry, no',
    'dead-lettered on orders.dlq after 3 retries, no',
  ]);
  expect(outcomeWords(letter({}))).toBe('dead-lettered on orders.dlq, no');
  expect(outcomeWords(letter({ dead_letter: { reason: null, retries: null, original: null } }))).toContain(
    'no reason given',
  );
});
