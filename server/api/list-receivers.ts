import type { ReceiverList } from '../model/delivery-wire.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /receivers`: who is told of alerts, without any secret. */
export const listReceivers: Handler = async (request, { reads, receivers }) => {
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  const [all, asOf] = await Promise.all([receivers.list(), reads.asOf()]);
  const list: ReceiverList = { ...asOf, receivers: all };
  return json(list);
};
