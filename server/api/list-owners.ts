import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /owners`: whom to call, and what nobody owns. */
export const listOwners: Handler = async (request, { reads }) => {
  const parsed = parseQuery(request, noQuery);
  return parsed.ok ? json(await reads.owners()) : parsed.refusal;
};
