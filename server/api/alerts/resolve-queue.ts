import type { QueueResolved } from '../../model/alert-wire.ts';
import type { Handler } from '../api-deps.ts';
import { json } from '../json.ts';
import { parseQuery } from '../parse-query.ts';
import { problem } from '../problem.ts';
import { noQuery } from '../queries.ts';
import { readBody } from '../read-body.ts';
import { resolveQueueRequest } from '../schemas/alerts.ts';
import { instant } from './to-wire.ts';

/** `POST /alerts/queue-resolved`: everything in a dead-letter queue until now counts as handled for alerts. */
export const resolveQueue: Handler = async (request, { alerts: desk }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, resolveQueueRequest);
  if (!read.ok) return read.refusal;
  const { topic, cluster = null, author, note = null } = read.body;
  const made = await desk.resolveQueue({ cluster, topic }, { author, note });
  if (made === null) {
    return problem({
      kind: 'no-such-queue',
      title: 'There is no such topic',
      status: 404,
      detail: 'Nothing was ever stored of a topic of this name on that cluster.',
    });
  }
  const answer: QueueResolved = {
    ...{ cluster: made.cluster, topic, at: instant(made.at) },
    partitions: Object.entries(made.offsets).map(([partition, offset]) => ({
      ...{ partition: Number(partition), offset: String(offset) },
    })),
  };
  return json(answer);
};
