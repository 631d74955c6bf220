import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { stallsQuery } from './queries.ts';

const PAGE = 50;

/** `GET /stalls`: where traces stopped, those that wait longest first. */
export const listStalls: Handler = async (request, { reads }) => {
  const parsed = parseQuery(request, stallsQuery);
  if (!parsed.ok) return parsed.refusal;
  const { limit = PAGE, cursor } = parsed.query;
  return json(await reads.stalls({ limit, ...(cursor !== undefined && { cursor }) }));
};
