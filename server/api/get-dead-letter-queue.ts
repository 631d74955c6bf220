import type { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetterFilter } from '../ports/dead-letters.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { deadLettersQuery } from './queries.ts';
import { wholeRange } from './time-range.ts';

const PAGE = 50;
/** Kafka's own bound of a topic's name. */
const LONGEST_TOPIC = 249;

/** `GET /dead-letters/{topic}`: one queue, in groups and record by record. */
export const getDeadLetterQueue: Handler = async (request, { deadLetters, clock }) => {
  const topic = pathTail(request, '/api/v1/dead-letters/', 'topic');
  if (!topic.ok) return topic.refusal;
  const parsed = parseQuery(request, deadLettersQuery);
  if (!parsed.ok) return parsed.refusal;
  if (topic.tail.length > LONGEST_TOPIC || topic.tail.includes('\0')) {
    return badParameters([{ name: 'topic', reason: 'is no name of a topic.' }]);
  }
  const filter = filterOf(topic.tail, parsed.query, clock);
  if (!filter.ok) return filter.refusal;
  const queue = await deadLetters.queue(filter.filter);
  if (queue !== null) return json(queue);
  return problem({
    kind: 'no-such-queue',
    title: 'No topic of this name is known as a queue',
    status: 404,
    detail: '/api/v1/dead-letters lists them; dead_letters of throughline.yaml declares one by its name.',
  });
};

function filterOf(
  topic: string,
  query: z.output<typeof deadLettersQuery>,
  clock: Clock,
): { readonly ok: true; readonly filter: DeadLetterFilter } | { readonly ok: false; readonly refusal: Response } {
  const range = wholeRange(query, clock.now());
  if (!range.ok) return range;
  const { cluster, group_by, reason, error_class, original_topic, service, event_type, without, limit, cursor } = query;
  return {
    ok: true,
    filter: {
      ...{ topic, ...range.instants, groupBy: group_by ?? 'reason', limit: limit ?? PAGE },
      ...(cluster !== undefined && { cluster }),
      ...(reason !== undefined && { reason }),
      ...(error_class !== undefined && { errorClass: error_class }),
      ...(original_topic !== undefined && { originalTopic: original_topic }),
      ...(service !== undefined && { service }),
      ...(event_type !== undefined && { eventType: event_type }),
      ...(without !== undefined && { without }),
      ...(cursor !== undefined && { cursor }),
    },
  };
}
