import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { rangeQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /coverage`: per partition what is stored and what is not, and the through line over a range. */
export const getCoverage: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, rangeQuery);
  if (!parsed.ok) return parsed.refusal;
  const range = wholeRange(parsed.query, clock.now());
  return range.ok ? json(await reads.coverage(range.instants)) : range.refusal;
};
