import type { LiveClient } from '../live/create-live-hub.ts';
import { eventStreamText, RETRY_TEXT } from '../live/event-stream-text.ts';
import { watchLive } from '../live/watch-live.ts';
import type { Handler } from './api-deps.ts';
import { parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { liveQuery } from './queries.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps compression, which would hold frames back, off this answer.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** `GET /live`: frames as server-sent events, resumed after `Last-Event-ID`. */
export const getLive: Handler = async (request, { hub }) => {
  const parsed = parseQuery(request, liveQuery);
  if (!parsed.ok) return parsed.refusal;
  if (request.method === 'HEAD') return new Response(null, { headers: HEADERS });
  // A browser that has gone already would never read, and so never give its place back.
  if (request.signal.aborted) return new Response(null, { status: 499 });
  const client = hub.connect(lastEventId(request) ?? parsed.query.last_event_id ?? null);
  if (client === null) return tooMany();
  return new Response(liveBody(client, request.signal), { headers: HEADERS });
};

/** The frame a returning browser saw last. A header that no stream of ours wrote counts as too old. */
function lastEventId(request: Request): bigint | null {
  const text = request.headers.get('last-event-id');
  if (text === null || text === '') return null;
  return /^\d{1,19}$/.test(text) ? BigInt(text) : -1n;
}

function liveBody(client: LiveClient, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = new AbortController();
  // The generator gives the place back when it ends; one that is never read has not begun.
  for (const gone of [signal, left.signal]) gone.addEventListener('abort', () => client.close(), { once: true });
  const frames = watchLive(client, AbortSignal.any([signal, left.signal]));
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(RETRY_TEXT)),
    // Pulled only when the connection takes more, so a slow client's frames wait in its bounded queue.
    async pull(controller) {
      const next = await frames.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(eventStreamText(next.value)));
    },
    cancel: () => left.abort(),
  });
}

function tooMany(): Response {
  return problem(
    {
      kind: 'too-many-streams',
      title: 'Too many live streams are open',
      status: 503,
      detail: 'Close other pages, or try again in a few seconds.',
    },
    { 'retry-after': '5' },
  );
}
