import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';
import { NodeRequest, sendNodeResponse } from 'srvx/node';
import type { Api } from '../api/create-api.ts';

/** Smaller answers gain nothing by being compressed. */
const COMPRESS_FROM_BYTES = 2048;

/**
 * Answers requests of Node's HTTP server by the API, compressed as the client takes it. Level 1: an answer is made for one
 * reader and sent once, and further levels cost more time than their bytes take (ADR 0018). A stream that says
 * `no-transform` is left alone.
 */
export function serveApi(api: Api): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const compress = compression({ level: constants.Z_BEST_SPEED, threshold: COMPRESS_FROM_BYTES });
  return async (req, res) => {
    compress(req, res, () => undefined);
    await sendNodeResponse(res, await api(new NodeRequest({ req, res })));
  };
}
