import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { millis } from '../../model/time.ts';
import { createMemorySink } from '../memory-sink.test-support.ts';
import { sourceContract } from '../source.contract.ts';
import { createReplaySource } from './create-replay-source.ts';
import { parseRecording } from './read-recording.ts';

const STARTED = '2026-01-05T09:00:00.000Z';
/** A day after the recording was made. */
const PLAYED_SINCE = Date.parse('2026-01-06T09:00:00.000Z');
const ID = '0c6c3b9e-5b1c-4a56-9d52-7d6f2f1a0b01';
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'throughline-replay-'));
  file = path.join(folder, 'recording.ndjson');
  const head = { recording: 1, startedAt: STARTED, periodMs: 60_000 };
  const records = Array.from({ length: 12 }, (_, index) => ({
    topic: 'orders',
    partition: index % 2,
    atMs: index * 1000,
    key: `k${index}`,
    headers: [['traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]],
    value: JSON.stringify({ correlation_id: ID, at: '2026-01-05T10:00:01.5+01:00', n: index }),
  }));
  await writeFile(file, [head, ...records].map((line) => JSON.stringify(line)).join('\n'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Plays as it is `afterMs` after the begin. */
function replay(afterMs: number, playedSinceMs = PLAYED_SINCE) {
  const now = millis(PLAYED_SINCE + afterMs);
  return createReplaySource({
    recordingPath: file,
    clusterKafkaId: 'replay',
    playedSinceMs,
    clock: { now: () => now },
  });
}

describe('the contract of sources', () => {
  sourceContract('the replay', async () => ({ topic: 'orders', count: 36, create: () => replay(179_999) }));
});

test('each round has ids of its own, the same ones when it is read again, and times moved by whole rounds', async () => {
  const [first, second] = [createMemorySink(), createMemorySink()];
  for (const sink of [first, second]) {
    const source = replay(119_999);
    await source.start(sink);
    await until('two rounds', async () => sink.all('orders').length === 24);
    await source.stop();
    expect(sink.positionOf('orders', 0)).toBe(12n);
  }
  expect(first.values('orders')).toEqual(second.values('orders'));
  const [roundOne, roundTwo] = [0, 6].map((index) => JSON.parse(first.values('orders')[index] ?? ''));
  expect(roundOne.correlation_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(roundTwo.correlation_id).not.toBe(roundOne.correlation_id);
  expect([roundOne.at, roundTwo.at]).toEqual(['2026-01-06T10:00:01.5+01:00', '2026-01-06T10:01:01.5+01:00']);
  expect(first.all('orders')[6]?.timestampMs).toBe(PLAYED_SINCE + 60_000);
});

test('a replay that was away for long reports what it can no longer play', async () => {
  const sink = createMemorySink();
  const before = replay(59_999);
  await before.start(sink);
  await until('one round', async () => sink.all('orders').length === 12);
  await before.stop();
  const after = replay(3 * 3_600_000);
  await after.start(sink);
  await until('holes', async () => sink.holes.length === 2 && sink.positionOf('orders', 0) === 181n * 6n - 5n);
  await after.stop();
  expect(sink.holes[0]).toMatchObject({ partition: 0, fromOffset: 6n, toOffset: 120n * 6n + 1n, reason: 'retention' });
});

test('played since another time, the topics live another life with records of their own', async () => {
  const sink = createMemorySink();
  for (const since of [PLAYED_SINCE, PLAYED_SINCE - 60_000]) {
    const source = replay(59_999, since);
    await source.start(sink);
    await until('a life', async () => sink.all('orders').length >= 12);
    await source.stop();
  }
  expect(sink.incarnations('orders')).toBe(2);
  const [first, second] = [1, 2].map((n) => sink.stored('orders', n).get(0) ?? []);
  expect(first?.map(({ offset }) => offset)).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
  expect(second?.[0]).toMatchObject({ offset: 0n, timestampMs: PLAYED_SINCE - 60_000 });
  expect(second?.[6]).toMatchObject({ offset: 6n, timestampMs: PLAYED_SINCE });
  expect(second?.map(({ value }) => value)).not.toContainEqual(first?.[0]?.value);
});

test('a file that is no recording is refused with its line', () => {
  expect(() => parseRecording(['{"a":1}'])).toThrow('line 1: not the head of a recording');
  const head = JSON.stringify({ recording: 1, startedAt: STARTED, periodMs: 1000 });
  expect(() => parseRecording([head, '{"topic":"t","partition":0,"atMs":1000}'])).toThrow('line 2: atMs');
  expect(() => parseRecording([head, 'x'])).toThrow('line 2: not JSON');
});
