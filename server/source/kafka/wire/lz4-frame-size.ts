const MAGIC = 0x184d2204;
const UNCOMPRESSED_BLOCK = 0x80000000;

/**
 * Exact decompressed size of an LZ4 frame, found by walking its sequences without writing a byte: a few kilobytes can
 * stand for gigabytes. Throws when the frame ends too early.
 */
export function lz4FrameSize(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new Error('not an LZ4 frame');
  const flags = frame[4] ?? 0;
  const contentSizeBytes = (flags & 0x08) !== 0 ? 8 : 0;
  const dictionaryBytes = (flags & 0x01) !== 0 ? 4 : 0;
  const checksumBytes = (flags & 0x10) !== 0 ? 4 : 0;
  let at = 4 + 2 + contentSizeBytes + dictionaryBytes + 1;
  let size = 0;
  for (;;) {
    const word = frame.readUInt32LE(at);
    if (word === 0) return size;
    const stored = word >= UNCOMPRESSED_BLOCK;
    const length = stored ? word - UNCOMPRESSED_BLOCK : word;
    if (at + 4 + length > frame.length) throw new Error('an LZ4 block ends too early');
    size += stored ? length : blockSize(frame, at + 4, at + 4 + length);
    at += 4 + length + checksumBytes;
  }
}

/** Sequences are: token, literal length, literals, 2-byte offset, match length. The last one has only literals. */
function blockSize(frame: Buffer, start: number, end: number): number {
  let size = 0;
  let at = start;
  const extend = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255 && at < end; at += 1) {
      byte = frame[at] ?? 0;
      length += byte;
    }
    return length;
  };
  while (at < end) {
    const token = frame[at] ?? 0;
    at += 1;
    const literals = extend(token >> 4);
    size += literals;
    at += literals;
    if (at >= end) break;
    at += 2;
    size += extend(token & 15) + 4;
  }
  return size;
}
