import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { describe, expect, test } from 'vitest';
import { decompress, TooLargeError } from './decompress.ts';
import { ByteWriter } from './kafka-bytes.ts';

const CAP = 256 * 1024;
const MEBI = 1024 * 1024;

const text = Buffer.concat([Buffer.from('throughline '.repeat(2_000)), randomBytes(2_000), Buffer.alloc(3_000)]);

function xerial(...blocks: Buffer[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  return blocks.reduce((all, block) => Buffer.concat([all, new ByteWriter().lengthBytes(block).toBuffer()]), header);
}

/** 1,000 times "throughline\n" as the zstd tool writes it. */
const zstd = Buffer.from('KLUv/QRYpQAAYHRocm91Z2hsaW5lCgEA0e58SQKSj7nE', 'base64');
const snappy = Buffer.from(compressSync(text));

const CODECS = [
  ['gzip', 1, gzipSync(text)],
  ['snappy', 2, snappy],
  ['snappy in xerial framing', 2, xerial(snappy, snappy)],
  ['lz4', 3, compressFrameSync(text)],
  ['zstd', 4, zstd],
] as const;

/** Bytes with some changed, cut off, or put in. */
function mutated(bytes: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  return fc
    .tuple(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat(bytes.length)),
      fc.uint8Array({ maxLength: 8 }),
    )
    .map(([changes, cut, more]) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return Buffer.concat([copy.subarray(0, cut ?? copy.length), more]);
    });
}

describe('bytes of strangers', () => {
  test.each(CODECS)('%s that was changed opens within the cap or fails with an error', async (_name, codec, packed) => {
    const property = fc.asyncProperty(mutated(packed), async (bytes) => {
      const outcome = await decompress(codec, bytes, CAP).catch((error: unknown) => error);
      expect(outcome instanceof Error || (Buffer.isBuffer(outcome) && outcome.length <= CAP)).toBe(true);
    });
    await fc.assert(property, { numRuns: 500 });
  });

  test.each([1, 2, 3, 4])('codec %i: random bytes are an error', async (codec) => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const outcome = await decompress(codec, Buffer.from(bytes), CAP).catch((error: unknown) => error);
      expect(outcome instanceof Error || (Buffer.isBuffer(outcome) && outcome.length <= CAP)).toBe(true);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});

/** A frame of blocks that are one byte, 128 KB times. */
function zstdZeros(blocks: number): Buffer {
  const block = (last: number): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUIntLE(((128 * 1024) << 3) | (1 << 1) | last, 0, 3);
    return head;
  };
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]);
  return Buffer.concat([head, ...Array.from({ length: blocks - 1 }, () => block(0)), block(1)]);
}

const zeros = Buffer.alloc(16 * MEBI);
const lz4Zeros = compressFrameSync(zeros);
const BOMBS = [
  ['gzip that says its size', 1, gzipSync(zeros)],
  [
    'gzip that hides its size in another member',
    1,
    Buffer.concat([...Array<Buffer>(64).fill(gzipSync(zeros)), gzipSync('')]),
  ],
  ['snappy', 2, Buffer.from(compressSync(zeros))],
  ['snappy in xerial framing', 2, xerial(...Array<Buffer>(64).fill(Buffer.from(compressSync(zeros))))],
  ['lz4', 3, lz4Zeros],
  ['zstd', 4, zstdZeros(8_000)],
  ['zstd within the slack of its bound', 4, zstdZeros(10)],
] as const;

test.each(BOMBS)('a bomb is refused without the memory it asks for: %s', async (_name, codec, bomb) => {
  const cap = MEBI;
  const before = process.resourceUsage().maxRSS;
  await expect(decompress(codec, bomb, cap)).rejects.toBeInstanceOf(TooLargeError);
  // In KB. Each of them opens to far more than this, but for the last.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024);
});

test('a snappy block that claims more than it can hold is refused before memory is taken for it', async () => {
  const liar = Buffer.concat([new ByteWriter().uvarint(100 * MEBI).toBuffer(), Buffer.from([0])]);
  const failed = await decompress(2, liar, 128 * MEBI).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(failed).not.toBeInstanceOf(TooLargeError);
});
