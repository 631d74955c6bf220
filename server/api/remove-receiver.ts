import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { receiverName } from './receiver-path.ts';
import { refuseReceiver } from './refuse-receiver.ts';
import { noBody } from './schemas/dialects.ts';

/** `DELETE /receivers/{name}`: what waits for it is given up; its deliveries stay in the log. */
export const removeReceiver: Handler = async (request, { receivers }) => {
  const name = receiverName(request);
  if (!name.ok) return name.refusal;
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, noBody);
  if (!read.ok) return read.refusal;
  const outcome = await receivers.remove(name.tail);
  return outcome === 'removed' ? json({ removed: name.tail }) : refuseReceiver(outcome);
};
