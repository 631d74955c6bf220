import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { rangeQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /flow`: services and topics of a range, and what went between them. */
export const getFlow: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, rangeQuery);
  if (!parsed.ok) return parsed.refusal;
  const range = wholeRange(parsed.query, clock.now());
  return range.ok ? json(await reads.flow(range.instants)) : range.refusal;
};
