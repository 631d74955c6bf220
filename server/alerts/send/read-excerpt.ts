import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** Most bytes of an answer that are read. */
const MOST_BYTES = 4_096;
/** Longest excerpt, in UTF-16 units. */
const LONGEST_EXCERPT = 1_000;
/** The status has come: its text is not waited for longer. */
const PATIENCE_MS = 2_000;

export interface Excerpt {
  /** Begin of the body as text; null for an empty one. */
  readonly excerpt: string | null;
  /** What is to be said of a body that was not read to its end; null for a whole one. */
  readonly remark: string | null;
}

/** Reads the begin of an answer and lets go of the rest. Never throws: what was answered stands already. */
export async function readExcerpt(body: Readable): Promise<Excerpt> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = new AbortController();
  const read = async (): Promise<string | null> => {
    for await (const chunk of body) {
      const piece = Buffer.from(chunk);
      chunks.push(piece.subarray(0, MOST_BYTES - bytes));
      bytes += piece.length;
      if (bytes > MOST_BYTES) return 'Its answer is longer than 4 KB; the rest was not read.';
    }
    return null;
  };
  const patience = wait(PATIENCE_MS, 'Its answer did not end; the rest was not read.', { signal: end.signal });
  const remark = await Promise.race([read(), patience]).catch(() => 'Its answer broke off.');
  end.abort();
  patience.catch(() => undefined);
  // Letting go of a body that is not read to its end reports that to nobody.
  body.on('error', () => undefined).destroy();
  const text = Buffer.concat(chunks).toString('utf8');
  return { excerpt: text === '' ? null : text.slice(0, LONGEST_EXCERPT), remark };
}
