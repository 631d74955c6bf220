import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { consumerGroupsQuery } from './queries.ts';

const PAGE = 50;

/** `GET /consumer-groups`: who consumes, and how far behind. */
export const listConsumerGroups: Handler = async (request, { reads }) => {
  const parsed = parseQuery(request, consumerGroupsQuery);
  if (!parsed.ok) return parsed.refusal;
  const { topic, group, include, cursor, limit = PAGE } = parsed.query;
  const list = await reads.consumerGroups({
    ...(topic !== undefined && { topic }),
    ...(group !== undefined && { group }),
    ...(cursor !== undefined && { cursor }),
    includePartitions: include === 'partitions',
    limit,
  });
  return json(list);
};
