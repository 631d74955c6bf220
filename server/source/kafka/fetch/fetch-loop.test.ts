import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../../e2e/support/until.ts';
import { createMemorySink } from '../../memory-sink.test-support.ts';
import { createWake } from '../../wake.ts';
import { connectKafka } from '../connection/kafka-connection.ts';
import { ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { type ReadPartition, runFetchLoop } from './fetch-loop.ts';
import { createPartitionReader } from './partition-reader.ts';
import { createUnpackRoom } from './unpack-room.ts';

const LOW_QUERY = -2n;
const OUT_OF_RANGE = 1;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A broker whose one partition answers every fetch with OFFSET_OUT_OF_RANGE, and has this low and high watermark. */
async function outOfRangeBroker(low: bigint, high: bigint) {
  const fetchedFrom: bigint[] = [];
  let offsetsAsked = 0;
  const answer = (apiKey: number, request: Buffer): ByteWriter => {
    if (apiKey === API_KEYS.fetch) {
      fetchedFrom.push(request.readBigInt64BE(request.length - 12));
      return fetchAnswer();
    }
    if (apiKey !== API_KEYS.listOffsets) return versions();
    offsetsAsked += 1;
    return offsetAnswer(request.readBigInt64BE(request.length - 8) === LOW_QUERY ? low : high);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (request: Buffer) => {
      const body = answer(request.readInt16BE(4), request).toBuffer();
      const size = new ByteWriter().int32(body.length + 4).toBuffer();
      socket.write(Buffer.concat([size, request.subarray(8, 12), body]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, fetchedFrom, offsetsAsked: () => offsetsAsked };
}

function versions(): ByteWriter {
  const body = new ByteWriter().int16(0);
  const spoken = [API_KEYS.fetch, API_KEYS.listOffsets];
  return body.array(spoken, false, (key) => body.int16(key).int16(0).int16(4)).int32(0);
}

function fetchAnswer(): ByteWriter {
  const body = new ByteWriter().int32(0);
  return body.array(['t'], false, (topic) => {
    body.string(topic).array([0], false, (partition) => {
      body.int32(partition).int16(OUT_OF_RANGE).int64(-1n).int64(-1n).int32(-1).int32(0);
    });
  });
}

function offsetAnswer(offset: bigint): ByteWriter {
  const body = new ByteWriter();
  return body.array(['t'], false, (topic) => {
    body.string(topic).array([0], false, (partition) => body.int32(partition).int16(0).int64(-1n).int64(offset));
  });
}

async function readFrom(position: bigint, low: bigint, high: bigint, waiting: Buffer | null = null) {
  const broker = await outOfRangeBroker(low, high);
  const sink = createMemorySink();
  const [registered] = await sink.discovered({ kafkaId: 'k' }, [{ topic: 't', topicId: null, partitions: 1 }]);
  const partition = { incarnationId: registered?.incarnationId ?? 0, topic: 't', partition: 0 };
  await sink.begin([{ ...partition, nextOffset: position, backfillEnd: null }]);
  const reader = createPartitionReader({
    partition,
    position,
    sink,
    isCompacted: async () => false,
    unpackRoom: createUnpackRoom(),
  });
  const fetched = { topic: 't', partition: 0, errorCode: 0, highWatermark: 1n, logStart: 0n, aborted: [] };
  if (waiting !== null) reader.accept(position, { ...fetched, log: waiting });
  const item: ReadPartition = { key: 't/0', reader, topicId: null, backfillEnd: null, heldUntil: 0 };
  const life = new AbortController();
  closing.push(() => life.abort());
  const troubles: unknown[] = [];
  void runFetchLoop({
    connection: await connectKafka('127.0.0.1', broker.port, { clientId: 'test' }, life.signal),
    partitions: () => [item],
    bufferedBytes: () => 0,
    wake: createWake(),
    backfill: { rate: null, fetched: () => undefined },
    onFetched: () => undefined,
    onStale: () => undefined,
    onTrouble: (_, reason) => troubles.push(reason),
    signal: life.signal,
  }).catch(() => undefined);
  return { broker, sink, reader, item, troubles };
}

/** A batch at this offset whose records do not matter. */
function batchAt(offset: bigint): Buffer {
  const body = new ByteWriter().int32(0).int8(2).int32(0).int16(0).int32(0).int64(1n).int64(1n);
  const bytes = body.int64(-1n).int16(-1).int32(-1).int32(0).toBuffer();
  return Buffer.concat([new ByteWriter().int64(offset).int32(bytes.length).toBuffer(), bytes]);
}

test('a log that begins above the position is a hole by retention, and reading goes on where it begins', async () => {
  const { broker, sink } = await readFrom(10n, 30n, 40n);
  await until('a fetch behind the hole', async () => broker.fetchedFrom.includes(30n));
  expect(sink.holes).toMatchObject([{ fromOffset: 10n, toOffset: 30n, reason: 'retention' }]);
});

test('a partition out of range is held while fetched records wait, not asked for without pause', async () => {
  const { broker, sink, item } = await readFrom(10n, 30n, 40n, batchAt(10n));
  await until('the second time both watermarks are asked for', async () => broker.offsetsAsked() >= 4);
  // Without the hold there are dozens by the time anybody looks.
  expect(broker.offsetsAsked()).toBeLessThanOrEqual(8);
  expect(sink.holes).toEqual([]);
  expect(item.reader.fetchFrom).toBe(11n);
});

test('a log that ends below the position is told with both offsets, and not read anew by itself', async () => {
  const { sink, reader, troubles } = await readFrom(20n, 0n, 15n);
  await until('the trouble', async () => troubles.length > 0);
  expect(troubles[0]).toContain('ends at offset 15, but 20 was reached before');
  expect(reader.position).toBe(20n);
  expect(reader.fetchFrom).toBe(20n);
  expect(sink.holes).toEqual([]);
});
