import type { DeadLetterQueueWire } from '@/server/model/dead-letter-wire.ts';

/** The API's path of all queues. */
export const QUEUES_PATH = '/api/v1/dead-letters';

/** Which dead letters of a queue are looked at: all of a range, or those of one reason. */
export interface QueueAsk {
  readonly topic: string;
  readonly cluster: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Key of a reason. */
  readonly reason: string | null;
}

/** The API's path of one queue's groups and records. */
export function queuePath({ topic, cluster, fromMs, toMs, reason }: QueueAsk, cursor: string | null = null): string {
  const params = new URLSearchParams({
    cluster,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  });
  if (reason !== null) params.set('reason', reason);
  if (cursor !== null) params.set('cursor', cursor);
  return `${QUEUES_PATH}/${encodeURIComponent(topic)}?${params}`;
}

/** The API's path of one dead letter beside its original. Record ids hold `/` between parts that need none. */
export function recordPath(id: string): string {
  return `${QUEUES_PATH}/records/${id.split('/').map(encodeURIComponent).join('/')}`;
}

/** How a queue is called in the page's address: two clusters may have a topic of the same name. */
export function queueKey({ cluster, topic, n }: Pick<DeadLetterQueueWire, 'cluster' | 'topic' | 'n'>): string {
  return `${cluster}/${topic}~${n}`;
}

/** The queue that an address names by its key, or by its topic alone as links of alerts do; else the first. */
export function queueOf(queues: readonly DeadLetterQueueWire[], named: string | null): DeadLetterQueueWire | undefined {
  return queues.find((queue) => queueKey(queue) === named) ?? queues.find(({ topic }) => topic === named) ?? queues[0];
}

const WEEK_MS = 7 * 86_400_000;
/** Records' times are cut to ms, and an oldest one must not be left out by it. */
const SLACK_MS = 1_000;

/**
 * What the page looks back over while its address names no range: everything that waits, as a dead letter of last week
 * waits as much as one of this minute. A week where nothing waits.
 */
export function waitingRange(queue: Pick<DeadLetterQueueWire, 'oldest_at'>, nowMs: number) {
  const oldest = queue.oldest_at === null ? Number.NaN : Date.parse(queue.oldest_at);
  const fromMs = Number.isFinite(oldest) ? Math.min(oldest, nowMs) - SLACK_MS : nowMs - WEEK_MS;
  return { fromMs, toMs: nowMs };
}

/**
 * A shell command that prints one record, header by header. Names of topics are a stranger's: within single quotes a shell
 * reads nothing but the quote itself.
 */
export function kcatCommand(record: { readonly topic: string; readonly partition: number; readonly offset: string }) {
  const quoted = `'${record.topic.replaceAll("'", "'\\''")}'`;
  return `kcat -C -b "$KAFKA_BROKERS" -t ${quoted} -p ${record.partition} -o ${record.offset} -c 1 -J`;
}
