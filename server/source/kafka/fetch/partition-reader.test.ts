import { expect, test } from 'vitest';
import { createMemorySink } from '../../memory-sink.test-support.ts';
import { ByteWriter, MalformedBytesError } from '../wire/kafka-bytes.ts';
import { createPartitionReader } from './partition-reader.ts';
import { createUnpackRoom } from './unpack-room.ts';

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
  await sink.begin([{ ...partition, nextOffset: 0n, backfillEnd: null }]);
  const reader = createPartitionReader({
    unpackRoom: createUnpackRoom(),
    partition,
    position: 0n,
    sink,
    isCompacted: async () => compacted,
  });
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

async function openReader(more: { isCompacted?: () => Promise<boolean> } = {}) {
  const sink = createMemorySink();
  const [registered] = await sink.discovered({ kafkaId: 'k' }, [{ topic: 't', topicId: 'i', partitions: 1 }]);
  const partition = { incarnationId: registered?.incarnationId ?? 0, topic: 't', partition: 0 };
  await sink.begin([{ ...partition, nextOffset: 0n, backfillEnd: null }]);
  const isCompacted = more.isCompacted ?? (async () => false);
  return {
    sink,
    reader: createPartitionReader({ unpackRoom: createUnpackRoom(), partition, position: 0n, sink, isCompacted }),
  };
}

function fetchedLog(log: Buffer) {
  return { topic: 't', partition: 0, errorCode: 0, highWatermark: 20n, logStart: 0n, aborted: [], log };
}

test('a log full of gaps is asked about once, not once a gap', async () => {
  let asked = 0;
  const { reader } = await openReader({
    isCompacted: async () => {
      asked += 1;
      return true;
    },
  });
  reader.accept(0n, fetchedLog(Buffer.concat([batch(0n), batch(2n), batch(4n), batch(6n), batch(8n, 10n)])));
  await reader.work();
  expect(reader.position).toBe(11n);
  expect(asked).toBe(1);
});

test('an answer that is cut off after its last whole batch is taken up to there', async () => {
  const { reader } = await openReader();
  reader.accept(0n, fetchedLog(Buffer.concat([batch(0n), batch(1n), batch(2n).subarray(0, 40)])));
  expect(reader.fetchFrom).toBe(2n);
  await reader.work();
  expect(reader.position).toBe(2n);
});

test('an answer without a whole batch, or that ends before it began, is refused', async () => {
  const { reader } = await openReader();
  expect(() => reader.accept(0n, fetchedLog(batch(0n).subarray(0, 40)))).toThrow(MalformedBytesError);
  const backwards = batch(0n);
  backwards.writeInt32BE(-5, 23);
  expect(() => reader.accept(0n, fetchedLog(backwards))).toThrow(MalformedBytesError);
  expect(reader.fetchFrom).toBe(0n);
});

test('skipping waits for what was fetched before, and says so', async () => {
  const { sink, reader } = await openReader();
  reader.accept(0n, fetchedLog(batch(0n, 1n)));
  expect(await reader.skipTo(30n, 'retention')).toBe(false);
  await reader.work();
  expect(await reader.skipTo(30n, 'retention')).toBe(true);
  expect(sink.holes.at(-1)).toMatchObject({ fromOffset: 2n, toOffset: 30n, reason: 'retention' });
  expect(reader.position).toBe(30n);
});
