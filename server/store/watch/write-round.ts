import type { WatchRound } from '../../ports/watch-store.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';

/** The newest round row, as its next repetition must find it. */
export interface NewestRound {
  readonly id: string;
  readonly day: string;
  /** What it failed at, as text to compare. */
  readonly failedAt: string;
}

/** A round with the small ids that its row holds. */
export interface RoundFacts {
  readonly day: string;
  readonly failedGroups: readonly number[];
  readonly round: WatchRound;
}

/** Reasons kept of one round, and the length of each. */
const REASONS = 20;
const REASON_LIMIT = 500;

/**
 * Writes the row of a round. One that found nothing different and failed where the newest one failed moves that row's
 * end instead: an idle cluster gets no rows, and the span between two looks stays exact.
 */
export async function writeRound(
  client: Queryable,
  clusterId: number,
  newest: NewestRound | null,
  facts: RoundFacts,
): Promise<NewestRound> {
  const { round, day, failedGroups } = facts;
  const failedAt = failuresOf(facts);
  const times = [toSeconds(round.beganAt), toSeconds(round.endedAt)];
  if (newest !== null && newest.day === day && newest.failedAt === failedAt && isQuiet(round)) {
    await client.query(AGAIN, [newest.day, newest.id, ...times, round.requests, round.groupCount]);
    return newest;
  }
  const failedTopics = round.failedTopics.map(({ incarnationId }) => incarnationId);
  const { rows } = await client.query<{ id: string }>(INSERT, [
    ...[day, clusterId, ...times],
    round.failure === null ? null : storableText(round.failure, REASON_LIMIT),
    ...[failedGroups, failedTopics, JSON.stringify(reasonsOf(round)), round.groupCount, round.requests],
  ]);
  return { id: rows[0]?.id ?? '0', day, failedAt };
}

/** Nothing that a reader of the history would need a round for. */
function isQuiet({ committed, groups, goneGroups }: WatchRound): boolean {
  return committed.length + groups.length + goneGroups.length === 0;
}

function failuresOf({ round, failedGroups }: RoundFacts): string {
  const topics = round.failedTopics.map(({ incarnationId, why }) => [incarnationId, why]);
  return JSON.stringify([round.failure, [...failedGroups].sort((a, b) => a - b), topics, reasonsOf(round)]);
}

function reasonsOf({ failedGroups, failedTopics, unlisted = null }: WatchRound): Record<string, number> {
  const counts = new Map<string, number>();
  const reasons = [...failedGroups, ...failedTopics].map(({ why }) => why);
  for (const why of unlisted === null || reasons.includes(unlisted) ? reasons : [...reasons, unlisted]) {
    const reason = storableText(why, REASON_LIMIT);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).slice(0, REASONS));
}

/** Milliseconds since 1970 as `to_timestamp` takes them. */
export function toSeconds(ms: number): number {
  return ms / 1000;
}

const AGAIN = `
  update watch_round set again_began_at = to_timestamp($3), again_ended_at = to_timestamp($4), rounds = rounds + 1,
    requests = $5, group_count = $6
  where stored_day = $1 and id = $2`;

const INSERT = `
  insert into watch_round (stored_day, id, cluster_id, began_at, ended_at, again_began_at, again_ended_at, failure,
    failed_groups, failed_topics, reasons, group_count, requests)
  values ($1, nextval('watch_round_id'), $2, to_timestamp($3), to_timestamp($4), to_timestamp($3), to_timestamp($4), $5,
    $6, $7, $8, $9, $10)
  returning id`;
