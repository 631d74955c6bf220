import { FastResponse } from 'srvx/node';

/** Longer texts are sent as a stream, so that compressing one does not hold up all others. */
const LONGEST_AT_ONCE = 128 * 1024;

/** An answer as JSON, never kept by a cache: every answer says as of when it was made. */
export function json(body: unknown, status = 200): Response {
  const text = JSON.stringify(body);
  const init = {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  };
  // Made for Node's server: a text goes out in one piece, without the streams of the platform's own.
  return text.length > LONGEST_AT_ONCE ? new Response(text, init) : new FastResponse(text, init);
}
