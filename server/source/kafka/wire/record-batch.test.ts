import { gzipSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { describe, expect, test } from 'vitest';
import { decompress, TooLargeError } from './decompress.ts';
import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { lz4FrameSize } from './lz4-frame-size.ts';
import { packedBatches, unpackRecords } from './record-batch.ts';
import { sealBatch } from './sealed-batch.test-support.ts';

type Header = readonly [Buffer, Buffer | null];

function varint(value: number): Buffer {
  return new ByteWriter().uvarint(value < 0 ? -value * 2 - 1 : value * 2).toBuffer();
}

function field(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);
}

function recordBytes(headers: readonly Header[]): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(-1),
    varint(0),
    field(null),
    field(Buffer.from('v')),
    varint(headers.length),
    ...headers.flatMap(([name, value]) => [field(name), field(value)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function batchBytes(records: Buffer, attributes = 0): Buffer {
  const rest = new ByteWriter().int32(0).int8(2).int32(0).int16(attributes).int32(0).int64(1000n).int64(2000n);
  const head = rest.int64(-1n).int16(-1).int32(-1).int32(1).toBuffer();
  const lead = new ByteWriter()
    .int64(41n)
    .int32(head.length + records.length)
    .toBuffer();
  return sealBatch(Buffer.concat([lead, head, records]));
}

async function read(log: Buffer) {
  const [batch] = packedBatches(log);
  if (batch === undefined) throw new Error('no batch');
  return unpackRecords(batch, 1_000_000);
}

test('50,000 headers keep their order, their repeats, and names that are no property names', async () => {
  const names = ['constructor', '__proto__', 'same', 'same'];
  const headers = Array.from({ length: 50_000 }, (_, index): Header => {
    return [Buffer.from(names[index % 4] ?? ''), index % 4 === 3 ? null : Buffer.from(String(index))];
  });
  const [record] = await read(batchBytes(recordBytes(headers)));
  expect(record?.headers).toHaveLength(50_000);
  const inHex = (list: readonly Header[]) =>
    list.map(([name, value]) => `${name.toString('hex')}=${value?.toString('hex')}`);
  // As text: comparing 100,000 buffers one by one takes seconds.
  expect(inHex(record?.headers.map(({ name, value }) => [name, value]) ?? []).join()).toBe(inHex(headers).join());
  expect(record).toMatchObject({ offset: 41n, timestampMs: 999, timestampType: 'CreateTime' });
});

test('a header name that is no UTF-8 stays as its bytes', async () => {
  const name = Buffer.from([0xff, 0xfe, 0x00]);
  const [record] = await read(batchBytes(recordBytes([[name, Buffer.from([0x80])]])));
  expect(record?.headers).toEqual([{ name, value: Buffer.from([0x80]) }]);
});

test('a batch that is cut off is left for the next fetch', () => {
  const whole = batchBytes(recordBytes([]));
  expect([...packedBatches(Buffer.concat([whole, whole.subarray(0, 40)]))]).toHaveLength(1);
});

test('a batch in which a single bit has changed since it was produced is refused', async () => {
  const whole = batchBytes(recordBytes([[Buffer.from('name'), Buffer.from('value')]]));
  await expect(read(whole)).resolves.toHaveLength(1);
  for (let at = 17; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(read(damaged)).rejects.toThrow();
  }
});

test('lengths that lie are refused', async () => {
  const lying = Buffer.concat([varint(10), Buffer.from([0]), varint(0), varint(0), varint(1_000_000)]);
  await expect(read(batchBytes(lying))).rejects.toThrow('the bytes end too early');
  expect(() => new ByteReader(new ByteWriter().int32(2_000_000_000).toBuffer()).array(false, () => 0)).toThrow(
    'claims',
  );
});

test('a variable-length integer of 64 bits is read exactly', () => {
  const largest = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  const smallest = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  expect(new ByteReader(largest).varlong()).toBe(2n ** 63n - 1n);
  expect(new ByteReader(smallest).varlong()).toBe(-(2n ** 63n));
  expect(new ByteReader(varint(-5)).varlong()).toBe(-5n);
});

describe('compressed bytes', () => {
  const text = Buffer.from('throughline '.repeat(10_000));
  const xerial = (block: Buffer): Buffer => {
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    return Buffer.concat([header, new ByteWriter().lengthBytes(block).lengthBytes(block).toBuffer()]);
  };
  const snappy = Buffer.from(compressSync(text));
  // 1,000 times "throughline\n", as the zstd tool writes it.
  const zstd = Buffer.from('KLUv/QRYpQAAYHRocm91Z2hsaW5lCgEA0e58SQKSj7nE', 'base64');
  const cases = [
    ['gzip', 1, gzipSync(text), text],
    ['snappy, raw', 2, snappy, text],
    ['snappy in xerial framing', 2, xerial(snappy), Buffer.concat([text, text])],
    ['lz4', 3, compressFrameSync(text), text],
    ['zstd', 4, zstd, Buffer.from('throughline\n'.repeat(1000))],
  ] as const;

  test.each(cases)('%s opens, and is refused above the cap', async (_name, codec, packed, expected) => {
    expect((await decompress(codec, packed, expected.length)).equals(expected)).toBe(true);
    await expect(decompress(codec, packed, expected.length - 1)).rejects.toBeInstanceOf(TooLargeError);
  });

  test.each(cases)('%s that is damaged is an error, never a hang', async (_name, codec, packed) => {
    await expect(decompress(codec, packed.subarray(0, packed.length >> 1), 10_000_000)).rejects.toThrow();
  });

  test('the size of an LZ4 frame is known before it is opened', () => {
    const zeros = Buffer.alloc(20_000_000);
    expect(lz4FrameSize(compressFrameSync(zeros))).toBe(20_000_000);
  });
});
