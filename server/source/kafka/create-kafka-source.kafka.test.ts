import { randomUUID } from 'node:crypto';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { compress } from 'snappy';
import { describe, expect, test } from 'vitest';
import { testBrokers } from '../../../e2e/support/test-kafka.ts';
import { until } from '../../../e2e/support/until.ts';
import { createMemorySink } from '../memory-sink.test-support.ts';
import { sourceContract } from '../source.contract.ts';
import { createTestTopics } from './kafka.test-support.ts';

const { administer, createTopic, kafka, numbered, send, sourceOf, uniquePrefix, untilValues } = createTestTopics();

describe('the contract of sources', () => {
  sourceContract('the Kafka source', async () => {
    const topic = uniquePrefix();
    await createTopic(topic, 3);
    await send({ topic, messages: numbered(30).map((message) => ({ ...message, partition: 0 })) });
    await send({ topic, messages: numbered(12).map((message) => ({ ...message, partition: 2 })) });
    return { topic, count: 42, create: () => sourceOf(topic, { groupId: `${topic}-${randomUUID()}` }) };
  });
});

test('topics and partitions that appear later are read from their beginning, whatever the start rule', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(`${prefix}-a`);
  await send({ topic: `${prefix}-a`, messages: numbered(3) });
  await sourceOf(prefix, { start: { kind: 'end' } }).start(sink);
  await until('the first start', async () => sink.positionOf(`${prefix}-a`, 0) === 3n);
  await createTopic(`${prefix}-b`);
  await send({ topic: `${prefix}-b`, messages: numbered(4) });
  await untilValues(sink, `${prefix}-b`, 4);
  await administer((admin) => admin.createPartitions({ topicPartitions: [{ topic: `${prefix}-a`, count: 2 }] }));
  await until('partition 1 in the metadata', async () => {
    const { topics } = await administer((admin) => admin.fetchTopicMetadata({ topics: [`${prefix}-a`] }));
    return topics[0]?.partitions.length === 2;
  });
  const toTheNewOne = numbered(5).map((message) => ({ ...message, partition: 1 }));
  await send({ topic: `${prefix}-a`, messages: toTheNewOne });
  await untilValues(sink, `${prefix}-a`, 5);
  expect(sink.stored(`${prefix}-a`).get(0)).toBeUndefined();
  expect(sink.stored(`${prefix}-a`).get(1)).toHaveLength(5);
  expect(sink.violations).toEqual([]);
});

test('a deleted topic does not disturb the others', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(`${prefix}-gone`);
  await createTopic(`${prefix}-stays`);
  await send({ topic: `${prefix}-gone`, messages: numbered(2) });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, `${prefix}-gone`, 2);
  await administer((admin) => admin.deleteTopics({ topics: [`${prefix}-gone`] }));
  for (let round = 1; round <= 5; round += 1) {
    await send({ topic: `${prefix}-stays`, messages: numbered(10, round * 10) });
    await untilValues(sink, `${prefix}-stays`, round * 10);
  }
  expect(sink.values(`${prefix}-stays`)).toHaveLength(50);
  expect(sink.connections).toEqual([{ connected: true, message: null }]);
  expect(await administer((admin) => admin.listTopics())).not.toContain(`${prefix}-gone`);
});

test('a topic created again is another incarnation, also when it is refilled past the old position', async () => {
  const prefix = uniquePrefix();
  const topic = `${prefix}-t`;
  const sink = createMemorySink();
  await createTopic(topic);
  await send({ topic, messages: numbered(5) });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, topic, 5);
  await administer((admin) => admin.deleteTopics({ topics: [topic] }));
  await until('the deletion', async () => !(await administer((admin) => admin.listTopics())).includes(topic));
  await createTopic(topic);
  await until('a send to the new topic', async () => {
    await send({ topic, messages: numbered(20, 100) });
    return true;
  });
  await until('the second incarnation', async () => sink.incarnations(topic) === 2);
  await untilValues(sink, topic, 20);
  expect(sink.values(topic).slice(0, 20)).toEqual(numbered(20, 100).map(({ value }) => value));
  expect(
    sink
      .stored(topic, 1)
      .get(0)
      ?.map(({ value }) => String(value)),
  ).toEqual(numbered(5).map(({ value }) => value));
});

test('tombstones, null keys, empty topics and hostile names arrive as they are', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(`${prefix}-empty`);
  await createTopic(`${prefix}-t`);
  await send({
    topic: `${prefix}-t`,
    messages: [
      { key: 'k', value: null },
      { key: null, value: '' },
      { key: 'old', value: 'x', timestamp: '1' },
      { key: 'far', value: 'y', timestamp: '4102444800000' },
    ],
  });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, `${prefix}-t`, 4);
  const records = sink.all(`${prefix}-t`);
  expect(records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null])).toEqual([
    ['k', null],
    [null, ''],
    ['old', 'x'],
    ['far', 'y'],
  ]);
  expect(records[2]?.timestampMs).toBe(1);
  expect(records[3]?.timestampMs).toBe(4102444800000);
  expect(records[0]?.timestampType).toBe('CreateTime');
  await until('the empty topic has a position', async () => sink.positionOf(`${prefix}-empty`, 0) === 0n);
});

test('topics named constructor and __proto__ are topics like any other', async () => {
  const sink = createMemorySink();
  const group = uniquePrefix();
  for (const topic of ['constructor', '__proto__']) {
    await createTopic(topic).catch(() => undefined);
    await until(`a send to ${topic}`, async () => {
      await sendRaw(topic, 'v');
      return true;
    });
  }
  await sourceOf(group, { include: [/^constructor$/, /^__proto__$/] }).start(sink);
  await untilValues(sink, 'constructor', 1);
  await untilValues(sink, '__proto__', 1);
  await administer((admin) => admin.deleteTopics({ topics: ['constructor', '__proto__'] }));
  expect(sink.violations).toEqual([]);
});

/** kafkajs's producer keeps topics as property names and cannot send to `__proto__`; its broker layer can. */
async function sendRaw(topic: string, value: string): Promise<void> {
  const { connectKafka } = await import('./connection/kafka-connection.ts');
  const [host = '', port = ''] = testBrokers().split(':');
  const connection = await connectKafka(host, Number(port), { clientId: 'raw' }, new AbortController().signal);
  const produce: unknown = Reflect.get(connection.broker, 'produce');
  if (typeof produce !== 'function') throw new Error('kafkajs has no produce');
  await produce.call(connection.broker, {
    topicData: [{ topic, partitions: [{ partition: 0, firstSequence: 0, messages: [{ value }] }] }],
  });
  connection.close();
}

test('LogAppendTime is told as such', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 1, { 'message.timestamp.type': 'LogAppendTime' });
  await send({ topic: prefix, messages: [{ value: 'x', timestamp: '1' }] });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 1);
  expect(sink.all(prefix)[0]?.timestampType).toBe('LogAppendTime');
  expect(sink.all(prefix)[0]?.timestampMs).toBeGreaterThan(1_600_000_000_000);
});

test('a megabyte of headers with dangerous names arrives in order, repeats included', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 1, { 'max.message.bytes': '4000000' });
  const repeated = Array.from({ length: 20_000 }, (_, index) => `${index}`.padStart(20, '0'));
  await send({
    topic: prefix,
    messages: [{ value: 'x', headers: { constructor: 'c', toString: 't', repeated, empty: '' } }],
  });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 1);
  const headers = sink.all(prefix)[0]?.headers ?? [];
  expect(headers).toHaveLength(20_003);
  expect(headers[0]?.name.toString()).toBe('constructor');
  expect(headers.slice(2, 20_002).map(({ value }) => value?.toString())).toEqual(repeated);
});

test('records of every compression arrive', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => compress(buffer),
    decompress: async () => Buffer.alloc(0),
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => compressFrame(buffer),
    decompress: async () => Buffer.alloc(0),
  });
  for (const compression of [CompressionTypes.GZIP, CompressionTypes.Snappy, CompressionTypes.LZ4]) {
    await send({ topic: prefix, compression, messages: numbered(50, compression * 100) });
  }
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 150);
  const expected = [100, 200, 300].flatMap((from) => numbered(50, from).map(({ value }) => value));
  expect(sink.values(prefix)).toEqual(expected);
});

test('a batch that decompresses to more than the cap is a hole, and reading goes on behind it', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(2) });
  await send({
    topic: prefix,
    compression: CompressionTypes.GZIP,
    messages: [{ value: Buffer.alloc(500_000) }],
  });
  await send({ topic: prefix, messages: numbered(2, 2) });
  await sourceOf(prefix, { decompressedCapBytes: 100_000 }).start(sink);
  await untilValues(sink, prefix, 4);
  expect(sink.holes).toMatchObject([{ topic: prefix, fromOffset: 2n, toOffset: 3n, reason: 'too large' }]);
});

test('aborted transactions are not delivered, committed ones are, and their markers are no holes', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  const transactional = kafka().producer({ transactionalId: prefix, maxInFlightRequests: 1, idempotent: true });
  await transactional.connect();
  for (const outcome of ['abort', 'commit'] as const) {
    const transaction = await transactional.transaction();
    await transaction.send({ topic: prefix, messages: [{ value: outcome }] });
    await transaction[outcome]();
  }
  await transactional.disconnect();
  await send({ topic: prefix, messages: [{ value: 'after' }] });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 2);
  expect(sink.values(prefix)).toEqual(['commit', 'after']);
  expect(sink.holes).toEqual([]);
  expect(sink.positionOf(prefix, 0)).toBe(5n);
});

test('records that were deleted before they were read are a hole by retention', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(10) });
  const first = sourceOf(prefix);
  await first.start(sink);
  await untilValues(sink, prefix, 10);
  await first.stop();
  await send({ topic: prefix, messages: numbered(10, 10) });
  await administer(async (admin) => {
    await admin.fetchTopicOffsets(prefix);
    await admin.deleteTopicRecords({ topic: prefix, partitions: [{ partition: 0, offset: '15' }] });
  });
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 15);
  expect(sink.holes).toMatchObject([{ fromOffset: 10n, toOffset: 15n, reason: 'retention' }]);
  expect(sink.values(prefix).slice(10)).toEqual(numbered(5, 15).map(({ value }) => value));
});

test('a start some time ago begins at the first record that is young enough', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  const hourMs = 3_600_000;
  await send({
    topic: prefix,
    messages: [
      { value: 'old', timestamp: String(Date.now() - 3 * hourMs) },
      { value: 'young', timestamp: String(Date.now() - hourMs) },
    ],
  });
  await sourceOf(prefix, { start: { kind: 'ago', ms: 2 * hourMs } }).start(sink);
  await untilValues(sink, prefix, 1);
  expect(sink.values(prefix)).toEqual(['young']);
});

test('two taps share the partitions, and one takes over when the other stops', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 4);
  const first = sourceOf(prefix);
  const second = sourceOf(prefix);
  await first.start(sink);
  await second.start(sink);
  const sendToAll = async (from: number): Promise<void> => {
    const messages = [0, 1, 2, 3].flatMap((partition) => numbered(5, from).map((one) => ({ ...one, partition })));
    await send({ topic: prefix, messages });
  };
  await sendToAll(0);
  await untilValues(sink, prefix, 20);
  await first.stop();
  await sendToAll(100);
  await untilValues(sink, prefix, 40);
  expect(sink.all(prefix)).toHaveLength(40);
  expect(sink.violations).toEqual([]);
});

test('the lag that Kafka tools see follows what is stored', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(7) });
  const source = sourceOf(prefix);
  await source.start(sink);
  await untilValues(sink, prefix, 7);
  await source.stop();
  const [committed] = await administer((admin) => admin.fetchOffsets({ groupId: prefix, topics: [prefix] }));
  expect(committed?.partitions[0]?.offset).toBe('7');
});

test('watermarks are told for each partition', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(3) });
  await sourceOf(prefix).start(sink);
  const mark = await until('a watermark', async () =>
    sink.marks.find(({ topic, high }) => topic === prefix && high === 3n),
  );
  expect(mark.low).toBe(0n);
});
