import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { ViolationFilter } from '../ports/violations.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { violationsQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

const PAGE = 50;

/** `GET /violations`: what events break of their schemas, in groups and one by one. */
export const listViolations: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, violationsQuery);
  if (!parsed.ok) return parsed.refusal;
  const { cursor, limit = PAGE } = parsed.query;
  const filter = violationFilter(parsed.query, clock);
  if (!filter.ok) return filter.refusal;
  return json(await reads.violations({ ...filter.filter, limit, ...(cursor !== undefined && { cursor }) }));
};

type Query = Omit<z.output<typeof violationsQuery>, 'limit' | 'cursor'>;
type Filter = Omit<ViolationFilter, 'limit' | 'cursor'>;

/** The filter of a query, its range resolved: the last hour without one. */
export function violationFilter(
  query: Query,
  clock: Clock,
): { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly refusal: Response } {
  const range = wholeRange(query, clock.now());
  if (!range.ok) return range;
  const { event_type: eventType, service, path, rule, state, group } = query;
  return {
    ok: true,
    filter: {
      ...range.instants,
      ...(eventType !== undefined && { eventType }),
      ...(service !== undefined && { service }),
      ...(path !== undefined && { path }),
      ...(rule !== undefined && { rule }),
      ...(state !== undefined && { state }),
      ...(group !== undefined && { group }),
    },
  };
}
