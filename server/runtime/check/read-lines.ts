/** One line of a stream, without what ends it. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null for one that is longer than allowed: it was let go. */
  readonly bytes: Buffer | null;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The lines of a stream of bytes, one at a time; no more than one line of `mostBytes` is ever held. */
export async function* readLines(chunks: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let held: Buffer[] = [];
  let length = 0;
  let isTooLong = false;
  const take = (piece: Buffer): void => {
    length += piece.length;
    isTooLong ||= length > mostBytes;
    if (isTooLong) held = [];
    else held.push(piece);
  };
  const line = (): Line => {
    const bytes = isTooLong ? null : withoutReturn(Buffer.concat(held, length));
    const done = { number, bytes };
    number += 1;
    held = [];
    length = 0;
    isTooLong = false;
    return done;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  if (length > 0) yield line();
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
}
