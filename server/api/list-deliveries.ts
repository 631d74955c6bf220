import type { DeliveryList } from '../model/delivery-wire.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { present } from './present.ts';
import { deliveriesQuery } from './queries.ts';

const PAGE = 50;

/** `GET /deliveries`: what was sent to receivers, with each try, the newest first. */
export const listDeliveries: Handler = async (request, { reads, receivers }) => {
  const parsed = parseQuery(request, deliveriesQuery);
  if (!parsed.ok) return parsed.refusal;
  const { limit = PAGE, ...filter } = present(parsed.query);
  const [page, asOf] = await Promise.all([receivers.deliveries({ ...filter, limit }), reads.asOf()]);
  const { nextCursor, ...rest } = page;
  const list: DeliveryList = { ...asOf, ...rest, next_cursor: nextCursor };
  return json(list);
};
