import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { latencyQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

/** `GET /latency`: how long hops, flows or replies took, row by row; one row with its distribution. */
export const getLatency: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, latencyQuery);
  if (!parsed.ok) return parsed.refusal;
  const { query } = parsed;
  const range = wholeRange(query, clock.now());
  if (!range.ok) return range.refusal;
  if (query.cause_type !== undefined && query.event_type === undefined)
    return badParameters([{ name: 'cause_type', reason: 'needs event_type beside it.' }]);
  const answer = await reads.latency({
    ...range.instants,
    subject: query.subject ?? 'hop',
    group: query.group ?? 'event_type',
    evidence: query.evidence ?? 'all',
    ...(query.event_type !== undefined && { eventType: query.event_type }),
    ...(query.cause_type !== undefined && { causeType: query.cause_type }),
    ...(query.service !== undefined && { service: query.service }),
  });
  return json(answer);
};
