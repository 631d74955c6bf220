import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { eventsQuery } from './queries.ts';
import { instants } from './time-range.ts';

const PAGE = 50;

/** `GET /events`: the events behind a count. */
export const listEvents: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, eventsQuery);
  if (!parsed.ok) return parsed.refusal;
  const { topic, type, service, has, cursor, clock: which = 'occurred', limit = PAGE } = parsed.query;
  const range = instants(parsed.query, clock.now());
  if (!range.ok) return range.refusal;
  const list = await reads.events({
    ...range.instants,
    ...(topic !== undefined && { topic }),
    ...(type !== undefined && { type }),
    ...(service !== undefined && { service }),
    ...(has !== undefined && { has }),
    ...(cursor !== undefined && { cursor }),
    clock: which,
    limit,
  });
  return json(list);
};
