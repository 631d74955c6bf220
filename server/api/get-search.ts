import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { searchQuery } from './queries.ts';

/** Results of each kind: a palette shows no more at once. */
const EACH = 8;

/** `GET /search`: everything that a text may mean. */
export const getSearch: Handler = async (request, { reads }) => {
  const parsed = parseQuery(request, searchQuery);
  if (!parsed.ok) return parsed.refusal;
  const { q, limit = EACH } = parsed.query;
  return json(await reads.search({ q, limit }));
};
