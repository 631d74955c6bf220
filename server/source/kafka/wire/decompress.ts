import * as zlib from 'node:zlib';
import { gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { decompressFrame } from 'lz4-napi';
import { uncompress } from 'snappy';
import { lz4FrameSize } from './lz4-frame-size.ts';

/** Bytes that would decompress to more than allowed. */
export class TooLargeError extends Error {
  readonly code = 'too_large';
}

/** Largest decompressed size of one record batch, unless told otherwise. */
export const DECOMPRESSED_CAP_BYTES = 128 * 1024 * 1024;

/**
 * The records of a compressed batch. `codec` is the low three bits of the batch attributes: 1 gzip, 2 snappy, 3 lz4,
 * 4 zstd. Throws `TooLargeError` above `cap`, before the memory is taken; any other error means damaged bytes.
 */
export async function decompress(codec: number, bytes: Buffer, cap: number): Promise<Buffer> {
  switch (codec) {
    case 1:
      return ungzip(bytes, cap);
    case 2:
      return unsnappy(bytes, cap);
    case 3:
      return unlz4(bytes, cap);
    case 4:
      return unzstd(bytes, cap);
    default:
      throw new Error(`unknown compression codec ${codec}`);
  }
}

function refuseAbove(cap: number, size: number): void {
  if (size > cap) throw new TooLargeError(`decompresses to more than ${cap} bytes`);
}

function ungzip(bytes: Buffer, cap: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: cap }, (error, result) => {
      if (error === null) resolve(result);
      else reject('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(cap, error) : error);
    });
  });
}

function tooLarge(cap: number, cause: unknown): TooLargeError {
  return new TooLargeError(`decompresses to more than ${cap} bytes`, { cause });
}

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** Snappy comes raw, or (from Java clients) in xerial's framing: a header, then blocks behind 32-bit lengths. */
async function unsnappy(bytes: Buffer, cap: number): Promise<Buffer> {
  const blocks = bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC) ? xerialBlocks(bytes) : [bytes];
  refuseAbove(
    cap,
    blocks.reduce((sum, block) => sum + snappySize(block), 0),
  );
  const parts: Buffer[] = [];
  for (const block of blocks) parts.push(Buffer.from(await uncompress(block, { asBuffer: true })));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function xerialBlocks(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    if (length < 0 || at + 4 + length > bytes.length) throw new Error('a snappy block ends too early');
    blocks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}

/** A raw snappy block begins with its decompressed length. */
function snappySize(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block[index] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return size;
  }
  throw new Error('a snappy block has no readable length');
}

async function unlz4(bytes: Buffer, cap: number): Promise<Buffer> {
  refuseAbove(cap, lz4FrameSize(bytes));
  return decompressFrame(bytes);
}

type ZstdDecompress = (
  bytes: Buffer,
  options: { maxOutputLength: number },
  done: (error: (Error & { code?: string }) | null, result: Buffer) => void,
) => void;

/** Node has zstd since 22.15; before, a decoder in JavaScript stands in. */
function unzstd(bytes: Buffer, cap: number): Promise<Buffer> {
  const native: unknown = Reflect.get(zlib, 'zstdDecompress');
  return isZstdDecompress(native) ? unzstdNative(native, bytes, cap) : Promise.resolve(unzstdPure(bytes, cap));
}

/** `node:zlib`'s function of that name has this signature in every version that has it. */
function isZstdDecompress(value: unknown): value is ZstdDecompress {
  return typeof value === 'function';
}

function unzstdNative(native: ZstdDecompress, bytes: Buffer, cap: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    native(bytes, { maxOutputLength: cap }, (error, result) => {
      if (error === null) resolve(result);
      else reject(error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(cap, error) : error);
    });
  });
}

const FEED_BYTES = 64 * 1024;

function unzstdPure(bytes: Buffer, cap: number): Buffer {
  refuseAbove(Math.max(cap, DECOMPRESSED_CAP_BYTES), zstdWindow(bytes));
  const parts: Uint8Array[] = [];
  let size = 0;
  const decoder = new Decompress((part) => {
    size += part.length;
    refuseAbove(cap, size);
    parts.push(part.slice());
  });
  for (let at = 0; at < bytes.length; at += FEED_BYTES) {
    decoder.push(bytes.subarray(at, at + FEED_BYTES), at + FEED_BYTES >= bytes.length);
  }
  return Buffer.concat(parts, size);
}

/** The memory that a zstd frame's header asks for: its window, or its content size where it is a single segment. */
function zstdWindow(bytes: Buffer): number {
  const descriptor = bytes[4] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const window = bytes[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const size = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  if (at + size > bytes.length) throw new Error('a zstd frame ends in its header');
  return size === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, size) + (size === 2 ? 256 : 0);
}
