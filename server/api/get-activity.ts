import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { rangeQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /activity`: what was stored and which traces began, over a range. */
export const getActivity: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, rangeQuery);
  if (!parsed.ok) return parsed.refusal;
  const range = wholeRange(parsed.query, clock.now());
  return range.ok ? json(await reads.activity(range.instants)) : range.refusal;
};
