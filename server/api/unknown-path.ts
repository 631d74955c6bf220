import type { Handler } from './api-deps.ts';
import { problem } from './problem.ts';

/** Any other path of the API. */
export const unknownPath: Handler = async () =>
  problem({
    kind: 'no-such-path',
    title: 'The API has no such path',
    status: 404,
    detail: 'GET /api/v1/openapi.json describes every path.',
  });
