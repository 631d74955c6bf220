import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { coverageQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

const PAGE = 1000;

/** `GET /coverage`: what is stored and what is not, in all and per partition, and the through line over a range. */
export const getCoverage: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, coverageQuery);
  if (!parsed.ok) return parsed.refusal;
  const { topic, has, limit = PAGE, cursor } = parsed.query;
  const range = wholeRange(parsed.query, clock.now());
  if (!range.ok) return range.refusal;
  const [summary, page] = await Promise.all([
    reads.coverage(range.instants),
    reads.partitions({
      withHoles: has === 'holes',
      limit,
      ...(topic !== undefined && { topic }),
      ...(cursor !== undefined && { cursor }),
    }),
  ]);
  return json({ ...summary, ...page });
};
