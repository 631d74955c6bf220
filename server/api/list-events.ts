import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { eventsQuery } from './queries.ts';
import { instants } from './time-range.ts';

const PAGE = 50;

/** `GET /events`: the events behind a count. */
export const listEvents: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, eventsQuery);
  if (!parsed.ok) return parsed.refusal;
  const { topic, type, service, has, reason, dialect, cursor, clock: which = 'occurred', limit = PAGE } = parsed.query;
  if (dialect !== undefined && which !== 'stored') {
    return badParameters([{ name: 'dialect', reason: 'needs clock=stored: that is the clock it is counted by.' }]);
  }
  const range = instants(parsed.query, clock.now());
  if (!range.ok) return range.refusal;
  const list = await reads.events({
    ...range.instants,
    ...(topic !== undefined && { topic }),
    ...(type !== undefined && { type }),
    ...(service !== undefined && { service }),
    ...(has !== undefined && { has }),
    ...(reason !== undefined && { reason }),
    ...(dialect !== undefined && { dialect }),
    ...(cursor !== undefined && { cursor }),
    clock: which,
    limit,
  });
  return json(list);
};
