import * as zlib from 'node:zlib';
import { gunzip } from 'node:zlib';
import { decompressFrame } from 'lz4-napi';
import { uncompress } from 'snappy';
import { ZSTDDecoder } from 'zstddec';
import { lz4FrameSize } from './lz4-frame-size.ts';
import { zstdSizeBound } from './zstd-size-bound.ts';

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

const GZIP_SIZE_BYTES = 4;

/** The last four bytes tell the size of the last member: an honest bomb is refused before a byte of it is made. */
async function ungzip(bytes: Buffer, cap: number): Promise<Buffer> {
  if (bytes.length >= GZIP_SIZE_BYTES) refuseAbove(cap, bytes.readUInt32LE(bytes.length - GZIP_SIZE_BYTES));
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

/** A copy of 64 bytes takes three at least. */
const SNAPPY_MOST_RATIO = 64 / 3;

/** A raw snappy block begins with its decompressed length. One that it cannot open to is a lie, refused unopened. */
function snappySize(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block[index] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    if (size > block.length * SNAPPY_MOST_RATIO) throw new Error('a snappy block claims more than it can hold');
    return size;
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

/**
 * How far the bound of zstd's size may lie above the cap: encoders fill all blocks but the last, and one that fills less
 * than half of them is taken for a bomb.
 */
const ZSTD_BOUND_SLACK = { factor: 2, bytes: 128 * 1024 } as const;

/** Node has zstd since 22.15; before, the same C code as WebAssembly stands in. */
async function unzstd(bytes: Buffer, cap: number): Promise<Buffer> {
  const bound = zstdSizeBound(bytes);
  refuseAbove(cap * ZSTD_BOUND_SLACK.factor + ZSTD_BOUND_SLACK.bytes, bound);
  const native: unknown = Reflect.get(zlib, 'zstdDecompress');
  return isZstdDecompress(native) ? unzstdNative(native, bytes, cap) : unzstdByWasm(bytes, cap, bound);
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

const wasm = new ZSTDDecoder();

/** The decoder writes no further than it is told, and answers with nothing when it cannot go on. */
async function unzstdByWasm(bytes: Buffer, cap: number, bound: number): Promise<Buffer> {
  if (bound === 0) return Buffer.alloc(0);
  await wasm.init();
  const opened = wasm.decode(bytes, Math.min(bound, cap));
  if (opened.length > 0) return Buffer.from(opened.buffer, opened.byteOffset, opened.length);
  refuseAbove(cap, bound);
  throw new Error('a zstd frame is damaged');
}
