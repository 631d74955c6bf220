import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { present } from './present.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { receiverName } from './receiver-path.ts';
import { refuseReceiver } from './refuse-receiver.ts';
import { receiverChange } from './schemas/receivers.ts';

/** `PUT /receivers/{name}`: what is left out of address, secret and headers stays; the rest is as it is said. */
export const changeReceiver: Handler = async (request, { receivers }) => {
  const name = receiverName(request);
  if (!name.ok) return name.refusal;
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, receiverChange);
  if (!read.ok) return read.refusal;
  const changed = await receivers.change(name.tail, { ...present(read.body), name: name.tail });
  return typeof changed === 'string' ? refuseReceiver(changed) : json(changed);
};
