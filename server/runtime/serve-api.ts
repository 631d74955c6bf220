import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';
import { NodeRequest, sendNodeResponse } from 'srvx/node';
import type { Api } from '../api/create-api.ts';
import { isApiPath } from '../api/find-resource.ts';

/** Smaller answers gain nothing by being compressed. */
const COMPRESS_FROM_BYTES = 2048;

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers requests of Node's HTTP server: those to the API by it, all others by `pages`. What the API answers is compressed
 * as the client takes it, at level 1: an answer is made for one reader and sent once, and further levels cost more time than
 * their bytes take (ADR 0018). A stream that says `no-transform` is left alone.
 */
export function serveApi(api: Api, pages: Listener): Listener {
  const compress = compression({ level: constants.Z_BEST_SPEED, threshold: COMPRESS_FROM_BYTES });
  return async (req, res) => {
    if (!isApiPath(req.url ?? '')) return pages(req, res);
    compress(req, res, () => undefined);
    await sendNodeResponse(res, await api(new NodeRequest({ req, res })));
  };
}
