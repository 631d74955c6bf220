import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import compression from 'compression';
import Negotiator from 'negotiator';
import { NodeRequest, type NodeResponse, sendNodeResponse } from 'srvx/node';
import type { Api } from '../api/create-api.ts';
import { isApiPath } from '../api/find-resource.ts';

/** Smaller answers gain nothing by being compressed. */
const COMPRESS_FROM_BYTES = 2048;
const LEVEL = constants.Z_BEST_SPEED;

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers requests of Node's HTTP server: those to the API by it, all others by `pages`. What the API answers is compressed
 * as the client takes it, at level 1: an answer is made for one reader and sent once, and further levels cost more time than
 * their bytes take (ADR 0018). A stream that says `no-transform` is left alone.
 */
export function serveApi(api: Api, pages: Listener): Listener {
  const compress = compression({ level: LEVEL, threshold: COMPRESS_FROM_BYTES });
  return async (req, res) => {
    if (!isApiPath(req.url ?? '')) return pages(req, res);
    const answer = await api(new NodeRequest({ req, res }));
    if ('_toNodeResponse' in answer) return sendWhole(req, res, answer as NodeResponse);
    compress(req, res, () => undefined);
    await sendNodeResponse(res, answer);
  };
}

/** Sends a short text in one piece: where a stream would wait for other threads, this takes a third of a millisecond. */
function sendWhole(req: IncomingMessage, res: ServerResponse, answer: NodeResponse): void {
  const { status, headers, body } = answer._toNodeResponse();
  const bytes = Buffer.from(body as string);
  const kept = headers.flatMap((name, at) =>
    at % 2 === 0 && name !== 'content-length' ? [name, headers[at + 1] ?? ''] : [],
  );
  const taken = bytes.length < COMPRESS_FROM_BYTES ? undefined : new Negotiator(req).encoding(['gzip', 'identity']);
  const sent = taken === 'gzip' ? gzipSync(bytes, { level: LEVEL }) : bytes;
  if (taken === 'gzip') kept.push('content-encoding', 'gzip');
  res.writeHead(status, [...kept, 'vary', 'accept-encoding', 'content-length', String(sent.length)]);
  res.end(sent);
}
