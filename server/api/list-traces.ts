import type { z } from 'zod';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { tracesQuery } from './queries.ts';
import { instants } from './time-range.ts';

const PAGE = 50;

/** `GET /traces`: the newest first, by filters. */
export const listTraces: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, tracesQuery);
  if (!parsed.ok) return parsed.refusal;
  const { query } = parsed;
  const range = instants(query, clock.now());
  if (!range.ok) return range.refusal;
  const list = await reads.traces({
    ...range.instants,
    ...(query.q !== undefined && { q: query.q }),
    ...(query.correlation_id !== undefined && { correlationId: query.correlation_id }),
    ...(query.event_id !== undefined && { eventId: query.event_id }),
    ...(query.key !== undefined && { key: query.key }),
    ...(query.trace_id !== undefined && { traceId: query.trace_id }),
    ...(query.field !== undefined && { field: query.field }),
    ...(query.event_type !== undefined && { eventType: query.event_type }),
    ...(query.service !== undefined && { service: query.service }),
    ...(query.topic !== undefined && { topic: query.topic }),
    ...(query.status !== undefined && { status: query.status }),
    ...(query.min_duration_ms !== undefined && { minDurationMs: query.min_duration_ms }),
    ...(query.has !== undefined && { has: query.has }),
    ...(query.cursor !== undefined && { cursor: query.cursor }),
    singles: query.singles ?? (namesOne(query) ? 'all' : 'fold'),
    includeLine: query.include === 'line',
    limit: query.limit ?? PAGE,
  });
  return json(list);
};

/** Whether a trace is asked for by something of its own: then it is answered also when it is a single event. */
function namesOne({ correlation_id, event_id, key, trace_id, field }: z.output<typeof tracesQuery>): boolean {
  return [correlation_id, event_id, key, trace_id, field].some((name) => name !== undefined);
}
