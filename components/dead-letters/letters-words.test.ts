import { expect, test } from 'vitest';
import { letter, queue, queues } from './dead-letters.test-support.ts';
import {
  comparisonWords,
  expiresSoon,
  expiresWords,
  firstToExpire,
  lettersVerdict,
  placeWords,
  timeLeft,
  triesWords,
} from './letters-words.ts';

test('the verdict counts what waits, and says what goes within a day', () => {
  const soon = queue({ depth: '3', expires_in_s: 3_600 });
  expect(lettersVerdict(queues([queue({ depth: '26' }), soon]))).toEqual({
    mark: 'dead',
    sentence: '29 dead letters wait, the oldest of 1 queue expires within a day',
  });
  expect(lettersVerdict(queues([queue({ depth: '1' })])).sentence).toBe('1 dead letter waits');
});

test('an empty queue that expires soon is no news, and none that waits is well', () => {
  const empty = queue({ depth: '0', expires_in_s: 10 });
  expect(lettersVerdict(queues([empty]))).toEqual({ mark: 'flowing', sentence: 'No dead letter waits' });
  expect(lettersVerdict(queues([]))).toEqual({ mark: 'flowing', sentence: 'No dead letter waits' });
});

test('a queue that was never looked at makes the sum a lower bound, and alone no claim at all', () => {
  const unseen = queue({ depth: null, looked_at: null });
  expect(lettersVerdict(queues([unseen, queue({ depth: '2' })])).sentence).toBe('≥ 2 dead letters wait');
  expect(lettersVerdict(queues([unseen, queue({ depth: '0' })])).sentence).toBe(
    'No dead letter waits, 1 queue not looked at',
  );
  expect(lettersVerdict(queues([unseen]))).toEqual({
    mark: 'unknown',
    sentence: 'No queue of dead letters was looked at yet',
  });
});

test('what expires first is named only where something waits', () => {
  const late = queue({ topic: 'late', expires_in_s: 500_000 });
  const early = queue({ topic: 'early', expires_in_s: 10_000 });
  const empty = queue({ topic: 'empty', expires_in_s: 1, depth: '0' });
  const never = queue({ topic: 'never', expires_in_s: null });
  expect(firstToExpire(queues([never, late, empty, early]))?.topic).toBe('early');
  expect(firstToExpire(queues([never, empty]))).toBe(null);
});

test('what is past its time may go at any moment, and has no time left', () => {
  const past = queue({ expires_in_s: -5 });
  expect([expiresSoon(past), expiresWords(-5), timeLeft(past)]).toEqual([true, 'any moment', 0]);
  expect(expiresSoon(queue({ expires_in_s: null }))).toBe(false);
  expect(timeLeft(queue({ expires_in_s: 302_400 }))).toBe(0.5);
  expect(timeLeft(queue({ retention_ms: null }))).toBe(null);
});

test('a place says what it knows, and tries are said in words', () => {
  expect(placeWords(letter())).toBe('2 @ 902');
  expect(placeWords(letter({ original: { topic: 't', partition: null, offset: '7', timestamp: null } }))).toBe('? @ 7');
  expect(placeWords(letter({ original: { topic: 't', partition: null, offset: null, timestamp: null } }))).toBe('–');
  expect([null, 0, 1, 3].map(triesWords)).toEqual([
    'retries not said',
    'at the first try',
    'after 1 retry',
    'after 3 retries',
  ]);
});

test('a changed event is told with how much changed and by whom', () => {
  const difference = { path: '/a', what: 'changed', was: '1', is: '2' } as const;
  const compared = {
    result: 'changed',
    why: null,
    by: 'shop',
    differences: [difference],
    more_differences: false,
  } as const;
  expect(comparisonWords(compared)).toBe('The event inside differs from the original in 1 place, written by shop.');
  expect(comparisonWords({ ...compared, by: null, more_differences: true })).toBe(
    'The event inside differs from the original in ≥ 1 place.',
  );
  expect(comparisonWords({ ...compared, result: 'gone', why: 'it expired' })).toBe(
    'The original is not stored: it expired.',
  );
});
