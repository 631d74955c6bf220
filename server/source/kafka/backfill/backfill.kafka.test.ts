import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { until } from '../../../../e2e/support/until.ts';
import { createMemorySink } from '../../memory-sink.test-support.ts';
import { createTestTopics } from '../kafka.test-support.ts';

const { createTopic, send, sourceOf, uniquePrefix, untilValues } = createTestTopics();

const RECORD_BYTES = 16 * 1024;

/** Records that no compression makes smaller, in batches of 10. */
async function fill(topic: string, records: number): Promise<void> {
  for (let sent = 0; sent < records; sent += 10) {
    await send({ topic, messages: Array.from({ length: 10 }, () => ({ value: randomBytes(RECORD_BYTES) })) });
  }
}

test('records and bytes are told before anything is read', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 2);
  await fill(prefix, 40);
  await createTopic(`${prefix}-empty`);
  const order: string[] = [];
  const listening = {
    ...sink,
    backfill: (survey: Parameters<typeof sink.backfill>[0]) => {
      order.push('told');
      sink.backfill(survey);
    },
    deliver: (batch: Parameters<typeof sink.deliver>[0]) => {
      order.push('delivered');
      return sink.deliver(batch);
    },
  };
  await sourceOf(prefix, { backfill: { bytesPerS: null } }).start(listening);
  await until('all records', async () => sink.all(prefix).length >= 40);
  expect(order[0]).toBe('told');
  expect(sink.surveys).toHaveLength(1);
  const [survey] = sink.surveys;
  expect(survey?.records).toBe(BigInt(sink.all(prefix).length));
  expect(survey?.bytesFrom).toBe('brokers');
  const bytes = Number(survey?.bytes ?? 0n);
  expect(bytes).toBeGreaterThan(sink.all(prefix).length * RECORD_BYTES);
  expect(bytes).toBeLessThan(sink.all(prefix).length * RECORD_BYTES * 1.1);
});

test('only the share that is still to read counts, and what is read is told no more', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await fill(prefix, 20);
  const first = sourceOf(prefix, { backfill: { bytesPerS: null } });
  await first.start(sink);
  await untilValues(sink, prefix, 20);
  await first.stop();
  const whole = sink.surveys[0];
  sink.move(prefix, 0, (whole?.records ?? 0n) / 2n);
  const second = sourceOf(prefix, { backfill: { bytesPerS: null } });
  await second.start(sink);
  await until('the second survey', async () => sink.surveys.length === 2);
  await until('the end of it', async () => sink.positionOf(prefix, 0) === whole?.records);
  await second.stop();
  expect(sink.surveys[1]?.records).toBe((whole?.records ?? 0n) - (whole?.records ?? 0n) / 2n);
  expect(Number(sink.surveys[1]?.bytes) / Number(whole?.bytes)).toBeCloseTo(0.5, 1);
  await sourceOf(prefix, { backfill: { bytesPerS: null } }).start(sink);
  await fill(prefix, 10);
  await until('the new records', async () => (sink.positionOf(prefix, 0) ?? 0n) > (whole?.records ?? 0n));
  expect(sink.surveys).toHaveLength(2);
});

test('a cap holds the backfill back, and new records are read beside it', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await fill(prefix, 100);
  const rate = 256 * 1024;
  const startedAt = performance.now();
  await sourceOf(prefix, { backfill: { bytesPerS: rate } }).start(sink);
  await until('the first of it', async () => sink.all(prefix).length > 0);
  await createTopic(`${prefix}-new`);
  await send({ topic: `${prefix}-new`, messages: [{ value: 'new' }] });
  await untilValues(sink, `${prefix}-new`, 1);
  const end = sink.begun.find(({ topic }) => topic === prefix)?.backfillEnd ?? 0n;
  await until('the whole backfill', async () => sink.positionOf(prefix, 0) === end);
  const seconds = (performance.now() - startedAt) / 1000;
  const bytes = sink.all(prefix).length * RECORD_BYTES;
  // Half a second's worth is let through at once, and the last answer may overdraw: one batch of ten records.
  expect(bytes).toBeLessThanOrEqual(rate * seconds + rate / 2 + 11 * RECORD_BYTES);
  const positions = sink.batches.map(({ topic }) => topic);
  expect(positions.indexOf(`${prefix}-new`)).toBeLessThan(positions.lastIndexOf(prefix));
  expect(sink.violations).toEqual([]);
});
