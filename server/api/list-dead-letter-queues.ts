import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /dead-letters`: every queue, and what failed without reaching one. */
export const listDeadLetterQueues: Handler = async (request, { deadLetters }) => {
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  return json(await deadLetters.queues());
};
