const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** No block opens to more, by the format. */
const MAX_BLOCK_BYTES = 128 * 1024;
const CHECKSUM_BYTES = 4;

/**
 * The most that zstd frames can open to, found by walking their blocks without opening one. Exact but for compressed
 * blocks, which count as full ones: encoders fill all but the last. Throws when a frame ends too early.
 */
export function zstdSizeBound(bytes: Buffer): number {
  let bound = 0;
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + bytes.readUInt32LE(at + 4);
    } else {
      if (magic !== MAGIC) throw new Error('not a zstd frame');
      const frame = walkFrame(bytes, at + 4);
      bound += frame.bound;
      at = frame.end;
    }
    if (at > bytes.length) throw new Error('a zstd frame ends too early');
  }
  return bound;
}

function walkFrame(bytes: Buffer, start: number): { readonly bound: number; readonly end: number } {
  const header = readFrameHeader(bytes, start);
  let bound = 0;
  let at = header.end;
  for (let last = false; !last; ) {
    const block = bytes.readUIntLE(at, 3);
    const size = block >> 3;
    last = (block & 1) === 1;
    at += 3;
    switch ((block >> 1) & 3) {
      case 0: // as it is
        bound += size;
        at += size;
        break;
      case 1: // one byte, so many times
        bound += size;
        at += 1;
        break;
      case 2:
        bound += Math.min(header.window, MAX_BLOCK_BYTES);
        at += size;
        break;
      default:
        throw new Error('a zstd block of a reserved kind');
    }
  }
  return { bound: Math.min(bound, header.content), end: at + (header.checksum ? CHECKSUM_BYTES : 0) };
}

/** `content` is what the frame says it opens to; without a word of that, no limit. */
function readFrameHeader(bytes: Buffer, start: number) {
  const descriptor = bytes.readUInt8(start);
  const single = (descriptor & 0x20) !== 0;
  const windowAt = start + 1;
  const contentAt = windowAt + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const contentBytes = descriptor >> 6 === 0 ? (single ? 1 : 0) : 2 ** (descriptor >> 6);
  const content = readContentSize(bytes, contentAt, contentBytes);
  const window = single ? content : windowSize(bytes.readUInt8(windowAt));
  return { window, content, checksum: (descriptor & 4) !== 0, end: contentAt + contentBytes };
}

function readContentSize(bytes: Buffer, at: number, length: number): number {
  if (length === 0) return Number.POSITIVE_INFINITY;
  if (length === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
