import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { present } from './present.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { refuseReceiver } from './refuse-receiver.ts';
import { receiverRequest } from './schemas/receivers.ts';

/** `POST /receivers`: a new receiver. Its secret goes in and never comes out. */
export const createReceiver: Handler = async (request, { receivers }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, receiverRequest);
  if (!read.ok) return read.refusal;
  const made = await receivers.create(present(read.body));
  return typeof made === 'string' ? refuseReceiver(made) : json(made, 201);
};
