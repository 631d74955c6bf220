import { expect, test } from 'vitest';
import { queue } from './dead-letters.test-support.ts';
import { kcatCommand, queueKey, queueOf, queuePath, recordPath, waitingRange } from './letters-query.ts';

test('a queue is found by its key, by its topic alone as in links of alerts, else the first stands', () => {
  const [a, b] = [queue({ topic: 'a' }), queue({ topic: 'b', cluster: 'c2' })];
  expect(queueOf([a, b], queueKey(b))).toBe(b);
  expect(queueOf([a, b], 'b')).toBe(b);
  expect(queueOf([a, b], 'gone')).toBe(a);
  expect(queueOf([], null)).toBe(undefined);
});

test('without a range everything that waits is looked at, however long it has waited', () => {
  const nowMs = Date.parse('2026-03-08T12:00:00Z');
  expect(waitingRange(queue({ oldest_at: '2026-03-01T12:00:00.000900Z' }), nowMs)).toEqual({
    fromMs: Date.parse('2026-03-01T11:59:59Z'),
    toMs: nowMs,
  });
  expect(waitingRange(queue({ oldest_at: null }), nowMs).fromMs).toBe(nowMs - 7 * 86_400_000);
  // A record from the future.
  expect(waitingRange(queue({ oldest_at: '2026-03-09T12:00:00Z' }), nowMs).fromMs).toBe(nowMs - 1_000);
});

test('names from Kafka cannot leave their place in a path or in a shell command', () => {
  const ask = { topic: 'a/../b?x', cluster: 'c&d', fromMs: 0, toMs: 1, reason: null };
  expect(queuePath(ask, 'n')).toBe(
    '/api/v1/dead-letters/a%2F..%2Fb%3Fx?cluster=c%26d&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.001Z&cursor=n',
  );
  expect(recordPath('c/o?~1/0/4')).toBe('/api/v1/dead-letters/records/c/o%3F~1/0/4');
  expect(kcatCommand({ topic: "x';rm -rf ~;'", partition: 0, offset: '4' })).toBe(
    "kcat -C -b \"$KAFKA_BROKERS\" -t 'x'\\'';rm -rf ~;'\\''' -p 0 -o 4 -c 1 -J",
  );
});
