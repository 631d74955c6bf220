import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { noQuery, UUID } from './queries.ts';
import { readBody } from './read-body.ts';
import { noBody } from './schemas/dialects.ts';

/** `POST /deliveries/{id}/resend`: tries it once more now, under its id and from the begin of its schedule. */
export const resendDelivery: Handler = async (request, { receivers }) => {
  const tail = pathTail(request, '/api/v1/deliveries/', 'id');
  if (!tail.ok) return tail.refusal;
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const id = tail.tail.replace(/\/resend$/, '');
  if (!UUID.test(id)) return badParameters([{ name: 'id', reason: 'must be the id of a delivery.' }]);
  const read = await readBody(request, noBody);
  if (!read.ok) return read.refusal;
  const delivery = await receivers.resend(id);
  if (delivery !== null) return json(delivery);
  return problem({
    kind: 'no-such-delivery',
    title: 'There is no such delivery',
    status: 404,
    detail: '/api/v1/deliveries lists them; those that were done long ago are forgotten.',
  });
};
