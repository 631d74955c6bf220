import { expect, test } from 'vitest';
import { ByteWriter } from './kafka-bytes.ts';
import { createMemorySink } from './memory-sink.test-support.ts';
import { createPartitionReader } from './partition-reader.ts';

/** Length 6, attributes, timestamp and offset deltas, no key, no value, no headers. */
const EMPTY_RECORD = Buffer.from([12, 0, 0, 0, 1, 1, 0]);

/** A batch that covers `from` to `to` and holds only its first record: key and value null, no headers. */
function batch(from: bigint, to = from): Buffer {
  const record = EMPTY_RECORD;
  const head = new ByteWriter()
    .int32(0)
    .int8(2)
    .int32(0)
    .int16(0)
    .int32(Number(to - from))
    .int64(1n)
    .int64(1n);
  const rest = Buffer.concat([head.int64(-1n).int16(-1).int32(-1).int32(1).toBuffer(), record]);
  return Buffer.concat([new ByteWriter().int64(from).int32(rest.length).toBuffer(), rest]);
}

async function readAll(log: Buffer, compacted: boolean) {
  const sink = createMemorySink();
  const [registered] = await sink.discovered({ kafkaId: 'k' }, [{ topic: 't', topicId: 'i', partitions: 1 }]);
  const partition = { incarnationId: registered?.incarnationId ?? 0, topic: 't', partition: 0 };
  await sink.begin(partition, 0n);
  const reader = createPartitionReader({ partition, position: 0n, sink, isCompacted: async () => compacted });
  const fetched = { topic: 't', partition: 0, errorCode: 0, highWatermark: 20n, logStart: 0n, aborted: [], log };
  reader.accept(0n, fetched);
  await reader.work();
  return { sink, reader, offsets: sink.all('t').map(({ offset }) => offset) };
}

test('missing offsets of a topic that is not compacted are holes, between batches and inside one', async () => {
  const { sink, reader, offsets } = await readAll(Buffer.concat([batch(0n), batch(3n, 5n), batch(6n)]), false);
  expect(offsets).toEqual([0n, 3n, 6n]);
  expect(sink.holes.map(({ fromOffset, toOffset, reason }) => [fromOffset, toOffset, reason])).toEqual([
    [1n, 3n, 'unknown'],
    [4n, 6n, 'unknown'],
  ]);
  expect(reader.position).toBe(7n);
  expect(sink.violations).toEqual([]);
});

test('the same gaps are legal where the topic is compacted', async () => {
  const { sink, reader, offsets } = await readAll(Buffer.concat([batch(0n), batch(3n, 5n), batch(6n, 9n)]), true);
  expect(offsets).toEqual([0n, 3n, 6n]);
  expect(sink.holes).toEqual([]);
  expect(reader.position).toBe(10n);
});

test('a batch that cannot be read is a hole, and those around it are delivered', async () => {
  const damaged = batch(1n);
  damaged.fill(0xff, damaged.length - 5);
  const { sink, offsets } = await readAll(Buffer.concat([batch(0n), damaged, batch(2n)]), false);
  expect(offsets).toEqual([0n, 2n]);
  expect(sink.holes).toMatchObject([{ fromOffset: 1n, toOffset: 2n, reason: 'unknown' }]);
});
