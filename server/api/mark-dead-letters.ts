import type { Handler } from './api-deps.ts';
import { isStorableRecordId } from './get-event.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { markRequest } from './schemas/dead-letters.ts';

/**
 * `POST /dead-letter-marks`: what somebody says of a queue, a group or a record. A resolved queue is so for its alerts too.
 * Kafka hears nothing of it.
 */
export const markDeadLetters: Handler = async (request, { deadLetters }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, markRequest);
  if (!read.ok) return read.refusal;
  const { topic, reason, record, state, note } = read.body;
  if (topic.includes('\0')) return badParameters([{ name: 'topic', reason: 'is no name of a topic.' }]);
  if (reason != null && record != null) {
    return badParameters([{ name: 'record', reason: 'and reason cannot both be marked at once.' }]);
  }
  if (record != null && !isStorableRecordId(record)) {
    return badParameters([{ name: 'record', reason: 'must be {cluster}/{topic}~{n}/{partition}/{offset}.' }]);
  }
  const known = await deadLetters.mark({
    ...{ topic, state },
    ...(reason != null && { reason }),
    ...(record != null && { record }),
    ...(note != null && { note }),
  });
  if (known) return json({ topic, state });
  return problem({
    kind: 'no-such-queue',
    title: 'There is no such queue, group or record',
    status: 404,
    detail: '/api/v1/dead-letters lists the queues; a group or record that nothing is stored of any more is gone.',
  });
};
