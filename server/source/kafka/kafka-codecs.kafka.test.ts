import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { compress } from 'snappy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downloads } from '../../../e2e/support/services.ts';
import { findJava } from '../../runtime/kafka/find-java.ts';
import { type RunningKafka, startKafka } from '../../runtime/kafka/start-kafka.ts';
import { createMemorySink } from '../memory-sink.test-support.ts';
import { createTestTopics } from './kafka.test-support.ts';
import { type PackedBatch, packedBatches } from './wire/record-batch.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-codecs-'));
let kafka: RunningKafka;

beforeAll(async () => {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('needs Java 17');
  kafka = await startKafka({ java, dataDir, heapMb: 512, ...downloads() });
});

afterAll(async () => {
  await kafka.stop('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const { createTopic, numbered, send, sourceOf, uniquePrefix, untilValues } = createTestTopics(() => kafka.brokers);

const CODECS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
const NAMES = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const XERIAL = Buffer.from('\x82SNAPPY\0', 'latin1');
const MEBI = 1024 * 1024;

/** A topic whose records the broker compresses anew, with its own libraries. */
async function compressingTopic(codec: keyof typeof CODECS): Promise<string> {
  const topic = uniquePrefix();
  await createTopic(topic, 1, { 'compression.type': codec });
  return topic;
}

function logFile(topic: string): string {
  return path.join(dataDir, 'records', `${topic}-0`, `${'0'.repeat(20)}.log`);
}

/** The batches as they lie on the broker's disk. */
async function batchesOnDisk(topic: string): Promise<readonly PackedBatch[]> {
  return [...packedBatches(await readFile(logFile(topic)))];
}

const text = (from: number) => numbered(200, from).map(({ value }) => ({ value: value.repeat(20) }));

test.each(NAMES)('%s, as the broker compresses it, is read', async (codec) => {
  const topic = await compressingTopic(codec);
  await send({ topic, messages: text(0) });
  await send({ topic, messages: text(200) });
  const sink = createMemorySink();
  await sourceOf(topic).start(sink);
  await untilValues(sink, topic, 400);
  expect(sink.values(topic)).toEqual([...text(0), ...text(200)].map(({ value }) => value));
  expect(sink.holes).toEqual([]);
  const stored = await batchesOnDisk(topic);
  expect(stored.map((batch) => batch.codec)).toEqual([CODECS[codec], CODECS[codec]]);
  if (codec === 'snappy') expect(stored[0]?.packed.subarray(0, 8)).toEqual(XERIAL);
});

test('snappy without framing, as most clients write it, is read', async () => {
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => compress(buffer),
    decompress: async () => Buffer.alloc(0),
  });
  const topic = uniquePrefix();
  await createTopic(topic);
  await send({ topic, compression: CompressionTypes.Snappy, messages: text(0) });
  const sink = createMemorySink();
  await sourceOf(topic).start(sink);
  await untilValues(sink, topic, 200);
  expect(sink.values(topic)).toEqual(text(0).map(({ value }) => value));
  expect((await batchesOnDisk(topic))[0]).toMatchObject({ codec: CODECS.snappy });
});

test.each(NAMES)('a %s bomb is a hole, and reading goes on behind it', async (codec) => {
  const topic = await compressingTopic(codec);
  await send({ topic, messages: numbered(2) });
  await send({ topic, compression: CompressionTypes.GZIP, messages: [{ value: Buffer.alloc(48 * MEBI) }] });
  await send({ topic, messages: numbered(2, 2) });
  const bomb = (await batchesOnDisk(topic))[1];
  expect(bomb?.codec).toBe(CODECS[codec]);
  expect(bomb?.packed.length).toBeLessThan(4 * MEBI);
  const sink = createMemorySink();
  await sourceOf(topic, { decompressedCapBytes: 8 * MEBI }).start(sink);
  await untilValues(sink, topic, 4);
  expect(sink.holes).toMatchObject([{ topic, fromOffset: 2n, toOffset: 3n, reason: 'too large' }]);
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});

test.each(NAMES)('%s that was damaged on the disk is a hole, and reading goes on behind it', async (codec) => {
  const topic = await compressingTopic(codec);
  for (const from of [0, 200, 400, 600, 800]) await send({ topic, messages: text(from) });
  const [, second, , fourth] = await batchesOnDisk(topic);
  // One changed byte in the middle, and an end that is gone.
  await overwrite(topic, second, (packed) =>
    packed.writeUInt8(packed.readUInt8(packed.length >> 1) ^ 0x40, packed.length >> 1),
  );
  await overwrite(topic, fourth, (packed) => packed.fill(0, packed.length >> 1));
  const sink = createMemorySink();
  await sourceOf(topic).start(sink);
  await untilValues(sink, topic, 600);
  expect(sink.values(topic)).toEqual([...text(0), ...text(400), ...text(800)].map(({ value }) => value));
  expect(sink.holes).toMatchObject([
    { fromOffset: 200n, toOffset: 400n, reason: 'unknown' },
    { fromOffset: 600n, toOffset: 800n, reason: 'unknown' },
  ]);
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
});

/** Changes the packed records of a batch on the broker's disk; the broker does not look at them again. */
async function overwrite(
  topic: string,
  batch: PackedBatch | undefined,
  change: (packed: Buffer) => void,
): Promise<void> {
  if (batch === undefined) throw new Error('no such batch');
  const at = (await readFile(logFile(topic))).indexOf(batch.packed);
  const damaged = Buffer.from(batch.packed);
  change(damaged);
  const file = await open(logFile(topic), 'r+');
  await file.write(damaged, 0, damaged.length, at);
  await file.close();
}
