import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRecord, RecordHeader } from '../model/record.ts';
import { cutSegments, decodeSegment, encodeSegment, rawSize, SEGMENT_BYTES } from './segment.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const nullable = fc.option(bytes, { nil: null });
const parts = fc.record({
  key: nullable,
  value: nullable,
  headers: fc.array(fc.record({ name: bytes, value: nullable }), { maxLength: 5 }),
});
/** Records with growing offsets and gaps between them. */
const records = fc
  .array(fc.tuple(parts, fc.bigInt({ min: 1n, max: 1n << 40n })), { minLength: 1, maxLength: 300 })
  .map((list) => {
    let offset = 0n;
    return list.map(([record, gap]): RawRecord => {
      offset += gap;
      return { ...record, offset };
    });
  });

const itself = (record: RawRecord): RawRecord => record;

async function roundTrip(segment: readonly RawRecord[]): Promise<readonly RawRecord[]> {
  const { baseOffset, checksum, bytes: deflated } = await encodeSegment(segment);
  const decoded = decodeSegment(baseOffset, checksum, deflated);
  if (decoded.kind !== 'records') throw new Error(decoded.reason);
  return decoded.records;
}

test('every record comes back from its segment as it went in, null apart from empty', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (list) => {
      expect((await Promise.all(cutSegments(list, itself).map(roundTrip))).flat()).toEqual(list);
    }),
    { numRuns: 60 },
  );
});

test('the records of some offsets are those of the whole that have them', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.func(fc.boolean()), async (list, isWanted) => {
      const [segment = []] = cutSegments(list, itself);
      const { baseOffset, checksum, bytes: packed } = await encodeSegment(segment);
      const wanted = new Set(segment.map(({ offset }) => offset).filter((offset) => isWanted(offset)));
      expect(decodeSegment(baseOffset, checksum, packed, wanted)).toEqual({
        kind: 'records',
        records: segment.filter(({ offset }) => wanted.has(offset)),
      });
    }),
    { numRuns: 60 },
  );
});

test('a segment holds at most 32 records, and 128 KB unless one record is larger', () => {
  fc.assert(
    fc.property(records, fc.nat(180_000), (list, large) => {
      const sized = list.map((record, index) => (index % 7 === 3 ? { ...record, value: Buffer.alloc(large) } : record));
      for (const segment of cutSegments(sized, itself)) {
        expect(segment.length).toBeLessThanOrEqual(32);
        const size = segment.reduce((sum, record) => sum + rawSize(record), 0);
        if (segment.length > 1) expect(size).toBeLessThanOrEqual(SEGMENT_BYTES);
      }
    }),
    { numRuns: 40 },
  );
});

test('any damage is answered as corrupt, never thrown and never shown', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.nat(), fc.integer({ min: 1, max: 255 }), async (list, place, change) => {
      const { baseOffset, checksum, bytes: deflated } = await encodeSegment(list.slice(0, 64));
      const damaged = Buffer.from(deflated);
      const at = place % damaged.length;
      damaged.writeUInt8((damaged.readUInt8(at) ^ change) & 0xff, at);
      expect(decodeSegment(baseOffset, checksum, damaged)).toEqual({ kind: 'corrupt', reason: 'checksum' });
    }),
    { numRuns: 60 },
  );
});

test('50,000 headers, repeats and names of prototypes come back in order', async () => {
  const headers = Array.from({ length: 50_000 }, (_, index) => ({
    name: Buffer.from(['constructor', '__proto__', 'a', 'a'][index % 4] ?? ''),
    value: index % 3 === 0 ? null : Buffer.from([index & 0xff]),
  }));
  const record = { offset: 9_000_000_000_000_000_000n, key: null, headers, value: Buffer.alloc(0) };
  const [back] = await roundTrip([record]);
  expect(back).toMatchObject({ offset: record.offset, key: null, value: Buffer.alloc(0) });
  // As texts: comparing 100,000 buffers one by one takes seconds.
  const inText = (all: readonly RecordHeader[]) =>
    all.map(({ name, value }) => `${name}=${value?.toString('hex') ?? 'null'}`);
  expect(inText(back?.headers ?? []).join()).toBe(inText(headers).join());
});

test('a segment of the first version is still read', () => {
  const piece = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const none = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const first = Buffer.concat([
    Buffer.from([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5]),
    ...[piece('k'), Buffer.from([0, 0, 0, 2]), piece('a'), piece('1'), piece('b'), none, piece('v')],
  ]);
  const deflated = deflateRawSync(first);
  expect(decodeSegment(100n, crc32(deflated), deflated)).toEqual({
    kind: 'records',
    records: [
      {
        offset: 105n,
        key: Buffer.from('k'),
        headers: [
          { name: Buffer.from('a'), value: Buffer.from('1') },
          { name: Buffer.from('b'), value: null },
        ],
        value: Buffer.from('v'),
      },
    ],
  });
});

test('a segment of the second version, packed by deflate, is still read', () => {
  const raw = Buffer.from([2, 0, 1, ...[0, 0, 0, 0, 0, 0, 0, 0], 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0x76]);
  const deflated = deflateRawSync(raw);
  expect(decodeSegment(7n, crc32(deflated), deflated)).toEqual({
    kind: 'records',
    records: [{ offset: 7n, key: null, headers: [], value: Buffer.from('v') }],
  });
});

test('bytes that pass their checksum and are no segment are corrupt, whatever packed them', async () => {
  const { bytes: packed } = await encodeSegment([{ offset: 1n, key: null, headers: [], value: Buffer.from('v') }]);
  const lying = Buffer.from(packed);
  lying.writeUInt32BE(lying.readUInt32BE(1) + 1, 1);
  const huge = Buffer.from(packed);
  huge.writeUInt32BE(0xffffffff, 1);
  const cut = packed.subarray(0, packed.length - 3);
  for (const bytes of [lying, huge, cut, packed.subarray(0, 3), Buffer.from([0xff]), Buffer.alloc(0)]) {
    expect(decodeSegment(1n, crc32(bytes), bytes)).toEqual({ kind: 'corrupt', reason: 'layout' });
  }
});
