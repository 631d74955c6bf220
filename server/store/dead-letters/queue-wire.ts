import type { DeadLetterQueueWire, MarkWire, QueuePartitionWire } from '../../model/dead-letter-wire.ts';
import type { Ownership } from '../../model/ownership.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import { whoseIs } from '../read/owners.ts';
import type { KnownQueue, QueueConfig } from './known-queues.ts';
import { depthOf, type PartitionEnds, type QueueEnds } from './queue-ends.ts';
import { ARRIVAL_MINUTES, type QueueSums } from './queue-sums.ts';

/** What of a queue is put into words. */
export interface QueueParts {
  readonly queue: KnownQueue;
  readonly ends: QueueEnds;
  readonly sums: QueueSums;
  readonly mark: MarkWire | null;
}

export function toQueueWire(
  { queue, ends, sums, mark }: QueueParts,
  { ownership, nowUs }: { readonly ownership: Ownership; readonly nowUs: Micros },
): DeadLetterQueueWire {
  const { partitions, lookedAt } = ends;
  const isKnown = lookedAt !== null;
  const depth = sum(partitions, depthOf);
  const stored = sum(partitions, (each) => each.stored);
  const oldestAt = oldestOf(partitions);
  const expiry = expiryOf(oldestAt, depth > 0n, queue.config, nowUs);
  const arrived = sums.trend.reduce((all, each) => all + each, 0);
  return {
    ...{ cluster: queue.cluster, topic: queue.topic, n: queue.n, kind: queue.kind, by: queue.by, why: queue.why },
    whose: whoseIs(ownership, { service: null, topic: queue.topic }),
    looked_at: lookedAt === null ? null : microsToRfc3339(lookedAt),
    depth: isKnown ? `${depth}` : null,
    held: isKnown ? `${sum(partitions, ({ low, high }) => (high > low ? high - low : 0n))}` : null,
    stored: `${stored}`,
    difference: isKnown ? differenceOf(depth - stored, partitions, queue.config) : null,
    arrivals_per_min: sums.lastAt === null ? null : arrived / ARRIVAL_MINUTES,
    trend: sums.trend,
    oldest_at: oldestAt === null ? null : microsToRfc3339(oldestAt),
    oldest_age_s: oldestAt === null ? null : Math.max(0, (nowUs - oldestAt) / 1e6),
    ...expiry,
    retention_ms: queue.config.retentionMs,
    cleanup_policy: queue.config.cleanupPolicy,
    main_reason: sums.mainReason,
    last_at: sums.lastAt === null ? null : microsToRfc3339(sums.lastAt),
    triage_groups: queue.triageGroups.map((group) => ({ group, committed: ends.committed.has(group) })),
    mark,
  };
}

export function toPartitionWire(ends: PartitionEnds): QueuePartitionWire {
  return {
    partition: ends.partition,
    low: `${ends.low}`,
    high: `${ends.high}`,
    triaged: ends.triaged === null ? null : `${ends.triaged}`,
    depth: `${depthOf(ends)}`,
    stored: `${ends.stored}`,
    oldest_at: ends.oldestAt === null ? null : microsToRfc3339(ends.oldestAt),
  };
}

/** Of what is not worked off, the record first written in each partition; of these the oldest. */
export function oldestOf(partitions: readonly Pick<PartitionEnds, 'oldestAt'>[]): Micros | null {
  const times = partitions.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt]));
  return times.reduce<Micros | null>((oldest, each) => (oldest === null || each < oldest ? each : oldest), null);
}

function sum(partitions: readonly PartitionEnds[], of: (each: PartitionEnds) => bigint): bigint {
  return partitions.reduce((all, each) => all + of(each), 0n);
}

type Expiry = Pick<DeadLetterQueueWire, 'expires_in_s' | 'expires_why'>;

function expiryOf(
  oldestAt: Micros | null,
  waits: boolean,
  { retentionMs, cleanupPolicy, trouble }: QueueConfig,
  nowUs: Micros,
): Expiry {
  const none = (why: string): Expiry => ({ expires_in_s: null, expires_why: why });
  if (cleanupPolicy === 'compact') return none('It is compacted: a record goes when its key comes again, not by age');
  if (retentionMs === null) return none(trouble ?? 'How long the broker keeps its records is not known yet');
  if (retentionMs < 0) return none('The broker keeps its records for ever');
  if (oldestAt === null) return none(waits ? 'Its oldest record is not stored' : 'Nothing in it waits');
  return { expires_in_s: (oldestAt + retentionMs * 1000 - nowUs) / 1e6, expires_why: null };
}

/** Why our rows are fewer than the offsets that the broker counts; null where they are as many. */
function differenceOf(
  missing: bigint,
  partitions: readonly PartitionEnds[],
  { cleanupPolicy }: QueueConfig,
): string | null {
  if (missing === 0n) return null;
  const parts = [
    [sum(partitions, ({ unread }) => unread), 'not read yet'],
    [sum(partitions, ({ before }) => before), 'before where the tap began'],
    [sum(partitions, ({ holes }) => holes), 'in holes'],
  ] as const;
  const known = parts.reduce((all, [count]) => all + count, 0n);
  const words = parts.flatMap(([count, what]) => (count > 0n ? [`${count} ${what}`] : []));
  const rest = missing - known;
  if (rest > 0n) words.push(`${rest} without a dead letter of ours: ${restOf(cleanupPolicy)}`);
  return `Of the offsets that the broker counts, ${words.join(', ')}`;
}

function restOf(cleanupPolicy: string | null): string {
  return cleanupPolicy?.includes('compact')
    ? 'compaction has removed their records, or a transaction has left its marks there'
    : 'marks that transactions leave, or records stored before dead letters were told apart';
}
