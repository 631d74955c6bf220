import { z } from 'zod';
import type { Sample } from './read-samples.ts';
import { sampleRecord } from './sample-record.ts';

/** Asks a web server for an address. That of the runtime, or one of a test. */
export type Fetch = typeof fetch;

/** Longest that one answer may take, from the look-up of the name to its last byte. */
const ANSWER_MS = 15_000;
/** An event is shown with at most 64 KB of payload and as much of headers, which escapes make longer. */
const MOST_BYTES = 4 * 2 ** 20;
const PAGE = 100;
/** Events asked for at the same time. */
const AT_ONCE = 8;
const OK = 200;
const GONE = 404;

const eventList = z.object({
  events: z.array(z.object({ id: z.string().max(1_000) })).max(1_000),
  next_cursor: z.string().max(2_000).nullable(),
});

/**
 * The newest events of these types that a running Throughline has stored, `last` of each at most, as samples. A server that
 * does not answer, or not like one of ours, is a problem, and ends it. Never throws.
 */
export async function* fetchEvents(
  url: URL,
  types: readonly string[],
  last: number,
  fetch: Fetch,
): AsyncGenerator<Sample> {
  try {
    for (const type of types) {
      const ids = await newestIds(url, type, last, fetch);
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        yield* await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => oneEvent(url, id, fetch)));
      }
    }
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield { place: { file: url.origin, line: 1, item: null }, kind: 'problem', reason: error.message };
  }
}

/** Thrown and caught in this file alone. */
class NoAnswerError extends Error {
  readonly code = 'no_answer';
}

async function newestIds(url: URL, type: string, last: number, fetch: Fetch): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ type, clock: 'stored', limit: String(Math.min(PAGE, last - ids.length)) });
    if (cursor !== null) query.set('cursor', cursor);
    const { status, text } = await ask(new URL(`/api/v1/events?${query}`, url), fetch);
    if (status !== OK) throw new NoAnswerError(`it answers with status ${status}`);
    const list = eventList.safeParse(parsed(text));
    if (!list.success) throw new NoAnswerError('it answers, and not like a Throughline');
    ids.push(...list.data.events.map(({ id }) => id));
    // A server that turns pages without end would otherwise be followed.
    cursor = list.data.events.length === 0 ? null : list.data.next_cursor;
  } while (cursor !== null && ids.length < last);
  return ids.slice(0, last);
}

async function oneEvent(url: URL, id: string, fetch: Fetch): Promise<Sample> {
  const address = new URL(`/api/v1/events/${id.split('/').map(encodeURIComponent).join('/')}`, url);
  const place = { file: address.href, line: 1, item: null };
  const { status, text } = await ask(address, fetch);
  if (status === GONE) return { place, kind: 'incomplete', topic: null, reason: 'it is not stored any more' };
  if (status !== OK) throw new NoAnswerError(`it answers with status ${status}`);
  const sample = sampleRecord(Buffer.from(text), false);
  if (sample.kind === 'record' && sample.topic !== null) return { place, ...sample };
  if (sample.kind === 'incomplete') return { place, ...sample };
  return { place, kind: 'problem', reason: 'it is no event of a Throughline' };
}

/** An answer. Follows no redirect, and reads no more than an answer of ours has. */
async function ask(address: URL, fetch: Fetch): Promise<{ status: number; text: string }> {
  let response: Response;
  const chunks: Uint8Array[] = [];
  try {
    response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new NoAnswerError('its answer is too long');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof NoAnswerError) throw error;
    throw new NoAnswerError(`it does not answer (${reasonOf(error)})`);
  }
  return { status: response.status, text: Buffer.concat(chunks).toString('utf8') };
}

/** Of what `fetch` throws: the code of what lies behind it, else its name. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
