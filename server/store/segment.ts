import { crc32, inflateRawSync } from 'node:zlib';
import { Decoder, Encoder } from '@toondepauw/node-zstd';
import { decodeHeaders, encodeHeaders, MalformedHeadersError } from '../model/header-bytes.ts';
import { type RawRecord, type RecordHeader, rawBytes } from '../model/record.ts';

/** A segment as it is stored. */
export interface EncodedSegment {
  readonly baseOffset: bigint;
  readonly recordCount: number;
  /** CRC-32 of `bytes`. */
  readonly checksum: number;
  readonly bytes: Buffer;
}

export type DecodedSegment =
  | { readonly kind: 'records'; readonly records: readonly RawRecord[] }
  | { readonly kind: 'corrupt'; readonly reason: 'checksum' | 'layout' };

/** A segment holds at most this many records, and at most this many raw bytes unless a single record is larger. */
export const SEGMENT_RECORDS = 32;
export const SEGMENT_BYTES = 128 * 1024;

/** Refuses to unpack past this: 16 times the largest record taken in. */
const INFLATED_LIMIT = 320 * 1024 * 1024;
const VERSION = 2;
/** Version 1 had a count of headers, and every name and value behind a length of its own. */
const VERSION_1 = 1;
const NULL = 0xffffffff;

/** First byte of a segment packed by Zstandard; no deflate stream begins so. Those of before are read as they are. */
const ZSTANDARD = 0xff;
const PACKED_HEAD_BYTES = 5;
/** Level 1: less than half the CPU of deflate's level 1, for a seventh fewer bytes (docs/adr/0011). */
const encoder = new Encoder(1);
const decoder = new Decoder();

/**
 * Layout before packing, numbers big-endian: version u8, count u16, then per record: offset minus base u64, key, headers
 * as one piece (`model/header-bytes.ts`), value. A byte string is its length u32 and its bytes; length 0xFFFFFFFF is
 * null. Packed it is the byte 0xFF, the length before packing u32, and a Zstandard frame.
 */
export async function encodeSegment(records: readonly RawRecord[]): Promise<EncodedSegment> {
  const base = records[0]?.offset;
  if (base === undefined) throw new RangeError('a segment needs a record');
  const bytes = await pack(layOut(records, base));
  return { baseOffset: base, recordCount: records.length, checksum: crc32(bytes), bytes };
}

async function pack(raw: Buffer): Promise<Buffer> {
  const head = Buffer.allocUnsafe(PACKED_HEAD_BYTES);
  head.writeUInt32BE(raw.length, head.writeUInt8(ZSTANDARD));
  return Buffer.concat([head, raw.length <= SMALL_BYTES ? encoder.encodeSync(raw) : await encoder.encode(raw)]);
}

/** What is smaller is packed at once: some 50 µs, and no wait for a thread of a busy machine. */
const SMALL_BYTES = 16 * 1024;

/** Throws what zlib and the decoder throw, RangeError for a length beyond the limit or other than it says. */
function unpack(bytes: Buffer): Buffer {
  if (bytes[0] !== ZSTANDARD) return inflateRawSync(bytes, { maxOutputLength: INFLATED_LIMIT });
  const length = bytes.readUInt32BE(1);
  if (length > INFLATED_LIMIT) throw new RangeError('segment is too long');
  const raw = decoder.decodeSync(bytes.subarray(PACKED_HEAD_BYTES));
  if (raw.length !== length) throw new RangeError('segment has another length than it says');
  return raw;
}

function layOut(records: readonly RawRecord[], base: bigint): Buffer {
  const pieces = records.map(headerPiece);
  const headerSize = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const raw = Buffer.allocUnsafe(records.reduce((sum, record) => sum + bodySize(record), 3 + headerSize));
  let at = raw.writeUInt16BE(records.length, raw.writeUInt8(VERSION, 0));
  const put = (bytes: Buffer | null) => {
    at = raw.writeUInt32BE(bytes === null ? NULL : bytes.length, at);
    if (bytes !== null) at += bytes.copy(raw, at);
  };
  for (const [place, record] of records.entries()) {
    at = raw.writeBigUInt64BE(record.offset - base, at);
    put(record.key);
    put(pieces[place] ?? null);
    put(record.value);
  }
  return raw;
}

/** Bytes a record takes in a segment before packing, its headers not counted. */
function bodySize(record: RawRecord): number {
  return RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0);
}

const RECORD_OVERHEAD_BYTES = 8 + 3 * 4;

function headerPiece(record: RawRecord): Buffer {
  return record.headerBytes ?? encodeHeaders(record.headers);
}

/** About the bytes a record takes in a segment before packing. */
export function rawSize(record: RawRecord): number {
  return RECORD_OVERHEAD_BYTES + rawBytes(record);
}

/** Records in offset order, cut into the segments they are stored in. */
export function cutSegments<T>(records: readonly T[], rawOf: (record: T) => RawRecord): T[][] {
  const segments: T[][] = [];
  let open: T[] = [];
  let size = 0;
  for (const record of records) {
    const bytes = rawSize(rawOf(record));
    if (open.length > 0 && (open.length === SEGMENT_RECORDS || size + bytes > SEGMENT_BYTES)) {
      segments.push(open);
      open = [];
      size = 0;
    }
    open.push(record);
    size += bytes;
  }
  if (open.length > 0) segments.push(open);
  return segments;
}

/**
 * Reads a stored segment back: all its records, or those of the `wanted` offsets. Bytes that fail the checksum or the
 * layout answer `corrupt`; nothing is thrown.
 */
export function decodeSegment(
  baseOffset: bigint,
  checksum: number,
  bytes: Buffer,
  wanted: ReadonlySet<bigint> | null = null,
): DecodedSegment {
  if (crc32(bytes) !== checksum) return { kind: 'corrupt', reason: 'checksum' };
  try {
    return { kind: 'records', records: parse(unpack(bytes), baseOffset, wanted) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof MalformedHeadersError || isPackingError(error))
      return { kind: 'corrupt', reason: 'layout' };
    throw error;
  }
}

/** zlib's codes begin with `Z_`; the Zstandard decoder has one for everything. */
function isPackingError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|GenericFailure$)/.test(String(error.code));
}

/** Throws RangeError or `MalformedHeadersError` where the bytes end early or have another version. */
function parse(raw: Buffer, base: bigint, wanted: ReadonlySet<bigint> | null): RawRecord[] {
  const version = raw.readUInt8(0);
  if (version !== VERSION && version !== VERSION_1) throw new RangeError('unknown segment version');
  const count = raw.readUInt16BE(1);
  let at = 3;
  /** Moves past a byte string and answers its length; -1 for null. */
  const pass = (): number => {
    const length = raw.readUInt32BE(at);
    at += 4;
    if (length === NULL) return -1;
    if (at + length > raw.length) throw new RangeError('segment ends early');
    at += length;
    return length;
  };
  const take = (): Buffer | null => {
    const length = pass();
    return length < 0 ? null : raw.subarray(at - length, at);
  };
  const takeHeaders = (): readonly RecordHeader[] => {
    if (version === VERSION) return decodeHeaders(take() ?? Buffer.alloc(1));
    const headers: RecordHeader[] = [];
    const headerCount = raw.readUInt32BE(at);
    at += 4;
    for (let h = 0; h < headerCount; h++) headers.push({ name: take() ?? Buffer.alloc(0), value: take() });
    return headers;
  };
  const records: RawRecord[] = [];
  for (let i = 0; i < count; i++) {
    const offset = base + raw.readBigUInt64BE(at);
    at += 8;
    if (version === VERSION && wanted !== null && !wanted.has(offset)) {
      for (let piece = 0; piece < 3; piece++) pass();
      continue;
    }
    const key = take();
    const headers = takeHeaders();
    records.push({ offset, key, headers, value: take() });
  }
  if (at !== raw.length) throw new RangeError('segment has bytes left over');
  return records;
}
