import type { Pool } from 'pg';
import type { AlertRule } from '../../model/alert-rule.ts';
import { createQueueNames, type DeadLetterRules, type QueueNames } from '../../model/dead-letter-queue.ts';
import { createObjectives, type ObjectiveRules } from '../../model/objectives.ts';
import { micros } from '../../model/time.ts';
import type { AlertHistory } from '../../ports/alert-desk.ts';
import type { AlertReadings, CountReading } from '../../ports/alert-readings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QueueReadings } from '../../ports/queue-readings.ts';
import { readTopicRoles } from '../dead-letters/topic-roles.ts';
import { readLatency } from '../read/latency.ts';
import type { StillGroups } from '../read/latency-groups.ts';
import { SumReader } from '../read/sums/read-sums.ts';
import { StillSums } from '../read/sums/still-sums.ts';
import { msSql } from './alert-rows.ts';
import { readPastQueues } from './past-queues.ts';
import { readBucketedCounts, readEventTypes, withRoles } from './stored-counts.ts';

export interface AlertHistoryOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly objectives: ObjectiveRules;
  readonly deadLetters: DeadLetterRules;
  readonly clock: Clock;
}

/** Queues are told apart as they are known now: a topic that became one lately was one before. */
type Context = AlertHistoryOptions & { readonly names: QueueNames };

interface Range {
  readonly from: number;
  readonly to: number;
}

type Past = Awaited<ReturnType<AlertHistory['load']>>;
type At = NonNullable<Past['at']>;

const STEP_MS = 300_000;
const MOST_ROWS = 200_000;

/** What is stored of the past, in steps of five minutes; rules are held against it as against the present. */
export function createAlertHistory(options: AlertHistoryOptions): AlertHistory {
  const context = { ...options, names: createQueueNames(options.deadLetters) };
  const eventTypes = () => readEventTypes(options.pool, options.workspaceId);
  return {
    async load(rule, range) {
      const past = await pastOf(context, rule, range);
      return { ...past, eventTypes };
    },
  };
}

async function pastOf(options: Context, rule: AlertRule, range: Range): Promise<Omit<Past, 'eventTypes'>> {
  switch (rule.kind) {
    case 'dead_letter_rate':
    case 'dead_letter_share':
    case 'violation_rate':
    case 'violation_share':
      return {
        basis: 'From the counts of stored events, in steps of 5 minutes; a shorter window counts as one of 5 minutes.',
        ...{ stepMs: STEP_MS, at: await countsOfPast(options, rule, range) },
      };
    case 'no_events':
      return {
        basis: 'From the counts of stored events, in steps of 5 minutes.',
        ...{ stepMs: STEP_MS, at: await storedOfPast(options, rule, range) },
      };
    case 'dead_letter_depth':
      return {
        basis:
          'From the history of watermarks, which is thinned, in steps of 5 minutes. What a group that works a queue off had committed, and marks, are left out: the depth is at most that.',
        ...{ stepMs: STEP_MS, at: await queuesOfPast(options, range) },
      };
    case 'latency':
      return latencyOfPast(options, range);
    case 'coverage_hole':
      return {
        basis: 'From holes by the time at which they were noticed, in steps of 5 minutes.',
        ...{ stepMs: STEP_MS, at: await holesOfPast(options, rule, range) },
      };
    default:
      return { basis: `No history is kept that ${rule.kind} could be held against.`, stepMs: STEP_MS, at: null };
  }
}

const NOTHING_UNREAD: Pick<AlertReadings, 'tap'> = {
  tap: async () => ({ connected: true, records: 0, behindMs: 0 }),
};

/** Readings of the past that have only what a kind of rule asks for. */
function readingsOf(some: Partial<AlertReadings>): AlertReadings {
  const none = (): never => {
    throw new NoHistoryError('no history is kept of this');
  };
  return {
    ...{ tap: NOTHING_UNREAD.tap, watch: none, counts: none, latency: none, stalls: none, groupLags: none },
    ...{ holes: none, lastStored: none, oldestAfter: none, eventTypes: none, exemplars: none },
    ...some,
  };
}

class NoHistoryError extends Error {
  readonly code = 'no_history';
}

const NO_QUEUES: QueueReadings = { readQueues: async () => [] };

async function countsOfPast({ pool, workspaceId, names }: Context, rule: AlertRule, range: Range): Promise<At> {
  const windowMs = Math.max(STEP_MS, rule.windowMs ?? 0);
  const rows = await readBucketedCounts(pool, workspaceId, { ...range, from: range.from - windowMs - STEP_MS });
  const buckets = byBucket(withRoles(rows, names, await readTopicRoles(pool, workspaceId, names)));
  const steps = Math.ceil(windowMs / STEP_MS);
  return (now) => {
    const end = Math.floor(now / STEP_MS) * STEP_MS;
    const counts = Array.from({ length: steps }, (_, n) => buckets.get(end - (n + 1) * STEP_MS) ?? []).flat();
    return { queues: NO_QUEUES, readings: readingsOf({ counts: async () => ({ counts, spanMs: steps * STEP_MS }) }) };
  };
}

async function storedOfPast({ pool, workspaceId }: AlertHistoryOptions, rule: AlertRule, range: Range): Promise<At> {
  const from = range.from - (rule.threshold ?? 0) - 2 * STEP_MS;
  const rows = await readBucketedCounts(pool, workspaceId, { ...range, from });
  const ends = new Map<string, number[]>();
  for (const { eventType, bucket, records } of rows) {
    if (records <= 0) continue;
    const list = ends.get(eventType);
    if (list === undefined) ends.set(eventType, [bucket + STEP_MS]);
    else list.push(bucket + STEP_MS);
  }
  for (const list of ends.values()) list.sort((a, b) => a - b);
  return (now) => {
    const last = new Map([...ends].map(([type, list]) => [type, list.findLast((end) => end <= now) ?? null]));
    return { queues: NO_QUEUES, readings: readingsOf({ lastStored: async () => last }) };
  };
}

async function queuesOfPast({ pool, workspaceId, names }: Context, range: Range): Promise<At> {
  const queuesAt = await readPastQueues(pool, workspaceId, names, range.from);
  return (now) => ({ readings: readingsOf({}), queues: { readQueues: async () => queuesAt(now) } });
}

async function latencyOfPast(
  { pool, workspaceId, objectives, clock }: AlertHistoryOptions,
  range: Range,
): Promise<Omit<Past, 'eventTypes'>> {
  const stillGroups: StillGroups = new StillSums();
  const [from, to] = [micros(range.from * 1000), micros(range.to * 1000)];
  const answer = await readLatency(
    {
      ...{ pool, stillGroups, sums: new SumReader(pool, workspaceId, clock), nowUs: to },
      objectives: createObjectives(objectives),
    },
    { from, to, subject: 'hop', group: 'event_type', evidence: 'all' },
  );
  const stepMs = answer.step_s * 1000;
  const rows = answer.event_types.flatMap(({ event_type, objective_ms, series }) =>
    event_type === null
      ? []
      : [
          {
            eventType: event_type,
            objectiveMs: objective_ms,
            points: new Map(series.map((p) => [Date.parse(p.at), p.p95_ms])),
          },
        ],
  );
  const begin = Date.parse(answer.from);
  return {
    basis: `From the sums of hops by the time at which they occurred, each step the p95 of ${Math.round(stepMs / 60_000)} minutes.`,
    stepMs,
    at: (now) => {
      const point = begin + Math.floor((now - 1 - begin) / stepMs) * stepMs;
      const latency = rows.map(({ eventType, objectiveMs, points }) => {
        const p95Ms = points.get(point) ?? null;
        return {
          eventType,
          objectiveMs,
          p95Ms,
          verdict: p95Ms === null ? 'too few' : 'met',
          errorBound: null,
        } as const;
      });
      return { queues: NO_QUEUES, readings: readingsOf({ latency: async () => latency }) };
    },
  };
}

async function holesOfPast({ pool, workspaceId }: AlertHistoryOptions, rule: AlertRule, range: Range): Promise<At> {
  const windowMs = rule.windowMs ?? 0;
  const { rows } = await pool.query<{ topic: string; cluster: string; records: number; reason: string; at: number }>(
    HOLES,
    [workspaceId, range.from - windowMs],
  );
  return (now) => {
    const found = new Map<string, { topic: string; cluster: string; records: number; reasons: string[] }>();
    for (const { topic, cluster, records, reason, at } of rows) {
      if (at > now || at <= now - windowMs) continue;
      const key = JSON.stringify([cluster, topic]);
      const held = found.get(key) ?? { topic, cluster, records: 0, reasons: [] };
      const reasons = held.reasons.includes(reason) ? held.reasons : [...held.reasons, reason];
      found.set(key, { topic, cluster, records: held.records + records, reasons });
    }
    return { queues: NO_QUEUES, readings: readingsOf({ holes: async () => [...found.values()] }) };
  };
}

function byBucket(rows: readonly (CountReading & { readonly bucket: number })[]) {
  const buckets = new Map<number, CountReading[]>();
  for (const row of rows) {
    const list = buckets.get(row.bucket);
    if (list === undefined) buckets.set(row.bucket, [row]);
    else list.push(row);
  }
  return buckets;
}

const HOLES = `
  select i.topic, c.kafka_id as cluster, (h.to_offset - h.from_offset)::float8 as records, h.reason,
    ${msSql('h.noticed_at')} as at
  from hole h join incarnation i on i.id = h.incarnation_id join cluster c on c.id = i.cluster_id
  where i.workspace_id = $1 and h.noticed_at >= to_timestamp($2::float8 / 1000) limit ${MOST_ROWS}`;
