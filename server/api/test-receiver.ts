import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { receiverName } from './receiver-path.ts';
import { refuseReceiver } from './refuse-receiver.ts';
import { noBody } from './schemas/dialects.ts';

/** `POST /receivers/{name}/test`: queues a delivery that says that it is a test; a tap sends it. */
export const testReceiver: Handler = async (request, { receivers }) => {
  const name = receiverName(request, '/test');
  if (!name.ok) return name.refusal;
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, noBody);
  if (!read.ok) return read.refusal;
  const made = await receivers.test(name.tail);
  return typeof made === 'string' ? refuseReceiver(made) : json(made, 201);
};
