import type { Pool } from 'pg';
import type { AlertKind } from '../../model/alert-rule.ts';
import { createQueueNames, type DeadLetterRules } from '../../model/dead-letter-queue.ts';
import { createObjectives, type ObjectiveRules } from '../../model/objectives.ts';
import { micros, millisToMicros } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { AlertReadings, GroupLagReading, HoleReading, StallReading } from '../../ports/alert-readings.ts';
import type { Clock } from '../../ports/clock.ts';
import { readTopicRoles } from '../dead-letters/topic-roles.ts';
import { readConsumerGroups } from '../read/consumer-groups.ts';
import { readLatency } from '../read/latency.ts';
import type { StillGroups } from '../read/latency-groups.ts';
import { sharePulse } from '../read/pulse.ts';
import { shareForASecond } from '../read/share.ts';
import { SumReader } from '../read/sums/read-sums.ts';
import { StillSums } from '../read/sums/still-sums.ts';
import { readWatchRound } from '../read/watch-round.ts';
import { STILL_MISSING } from '../stalls/still-missing.ts';
import { msSql } from './alert-rows.ts';
import { createLastStored } from './last-stored.ts';
import { readEventTypes, readNewestCounts, withRoles } from './stored-counts.ts';

export interface AlertReadingsOptions {
  /** Its connections give up a statement that takes long. */
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly objectives: ObjectiveRules;
  readonly deadLetters: DeadLetterRules;
  readonly clock: Clock;
}

const GROUPS_AT_ONCE = 200;
const MOST_GROUPS = 2_000;

/** What rules are held against, on PostgreSQL. */
export function createAlertReadings(options: AlertReadingsOptions): AlertReadings {
  const { pool, workspaceId, objectives, clock } = options;
  const pulse = sharePulse(pool, workspaceId, clock);
  const sums = new SumReader(pool, workspaceId, clock);
  const stillGroups: StillGroups = new StillSums();
  const declared = createObjectives(objectives);
  const lastStored = createLastStored(pool, workspaceId);
  const names = createQueueNames(options.deadLetters);
  const roles = shareForASecond(clock, () => readTopicRoles(pool, workspaceId, names));
  const eventTypes = shareForASecond(clock, () => readEventTypes(pool, workspaceId));
  return {
    async tap() {
      const { tap } = (await pulse()).pulse;
      const behindMs = tap.behind_s === null ? null : tap.behind_s * 1000;
      return { connected: tap.connected, records: Number(tap.lag), behindMs };
    },
    async watch() {
      const { wire, sampledUs } = await readWatchRound(pool, workspaceId);
      return { sampledAt: sampledUs === null ? null : sampledUs / 1000, failure: wire.failure };
    },
    async counts(windowMs) {
      const [{ rows, spanMs }, roleOf] = await Promise.all([readNewestCounts(pool, workspaceId, windowMs), roles()]);
      return { counts: withRoles(rows, names, roleOf), spanMs };
    },
    async latency(windowMs) {
      const nowUs = millisToMicros(clock.now());
      const { event_types: rows } = await readLatency(
        { pool, sums, stillGroups, nowUs, objectives: declared },
        {
          ...{ from: micros(nowUs - windowMs * 1000), to: nowUs },
          ...{ subject: 'hop', group: 'event_type', evidence: 'all' },
        },
      );
      return rows.flatMap(({ event_type, p95_ms, objective_ms, objective, error_bound }) =>
        event_type === null
          ? []
          : [
              {
                ...{ eventType: event_type, p95Ms: p95_ms, objectiveMs: objective_ms, verdict: objective },
                errorBound: error_bound,
              },
            ],
      );
    },
    async stalls() {
      const { rows } = await pool.query<StallReading>(STALLS, [workspaceId]);
      return rows;
    },
    async groupLags() {
      const lags: GroupLagReading[] = [];
      let cursor: string | undefined;
      for (let read = 0; read < MOST_GROUPS; read += GROUPS_AT_ONCE) {
        const page = await readConsumerGroups(pool, workspaceId, {
          ...{ includePartitions: false, limit: GROUPS_AT_ONCE },
          ...(cursor !== undefined && { cursor }),
        });
        for (const { own, group, topics } of page.groups) {
          if (own) continue;
          for (const { topic, lag, lag_s } of topics) {
            const records = lag === null ? null : Number(lag);
            lags.push({ group, topic, records, ms: lag_s === null ? null : lag_s * 1000 });
          }
        }
        if (page.next_cursor === null) break;
        cursor = page.next_cursor;
      }
      return lags;
    },
    async holes(windowMs) {
      const { rows } = await pool.query<HoleReading>(HOLES, [workspaceId, windowMs]);
      return rows;
    },
    async lastStored(backMs) {
      const [types, last] = await Promise.all([eventTypes(), lastStored(backMs)]);
      return new Map([...types].map((eventType) => [eventType, last.get(eventType) ?? null]));
    },
    eventTypes,
    async oldestAfter({ life, offsets }) {
      const { rows } = await pool.query<{ readonly at: number | null }>(OLDEST_AFTER, [
        life,
        ...[Object.keys(offsets).map(Number), Object.values(offsets)],
      ]);
      return rows[0]?.at ?? null;
    },
    async exemplars(kind, labels) {
      const topic = labels.queue ?? labels.topic ?? null;
      const eventType = labels.event_type ?? null;
      const [traces, service] = await Promise.all([
        topic === null ? tracesOfType(kind, eventType) : tracesOn(topic),
        eventType === null ? null : serviceOf(eventType),
      ]);
      return { traces, service: labels.service || service };
    },
  };

  async function tracesOn(topic: string) {
    const { rows } = await pool.query<{ trace_key: string }>(TRACES_ON, [workspaceId, topic]);
    return rows.map(({ trace_key }) => ({ traceKey: traceKeyToHex(trace_key) }));
  }

  async function tracesOfType(kind: AlertKind, eventType: string | null) {
    if (eventType === null || kind === 'no_events') return [];
    const statement = kind === 'stalls' ? STALLED_TRACES : TRACES_OF_TYPE;
    const { rows } = await pool.query<{ trace_key: string }>(statement, [workspaceId, eventType]);
    return rows.map(({ trace_key }) => ({ traceKey: traceKeyToHex(trace_key) }));
  }

  async function serviceOf(eventType: string): Promise<string | null> {
    const { rows } = await pool.query<{ label: string }>(MAKER, [workspaceId, eventType]);
    return rows[0]?.label ?? null;
  }
}

// By the index of places, as the oldest of a queue is (queue-ends.ts).
const OLDEST_AFTER = `
  select ${msSql('min(d.recorded_at)')} as at from unnest($2::int[], $3::bigint[]) as q(partition, first)
  cross join lateral (
    select recorded_at from dead_letter d where d.incarnation_id = $1 and d.partition = q.partition
      and d."offset" >= q.first order by d."offset" limit 1
  ) d`;

const STALLS = `
  select s.missing_type as "eventType", count(*)::int as traces, ${msSql('min(s.since)')} as since
  from stall s join trace t on t.trace_key = s.trace_key and ${STILL_MISSING}
  where s.workspace_id = $1 group by 1 order by 2 desc limit 1000`;

const HOLES = `
  select i.topic, c.kafka_id as cluster, sum(h.to_offset - h.from_offset)::float8 as records,
    array_agg(distinct h.reason) as reasons
  from hole h join incarnation i on i.id = h.incarnation_id join cluster c on c.id = i.cluster_id
  where i.workspace_id = $1 and h.noticed_at >= now() - $2::float8 * interval '1 millisecond'
  group by 1, 2 order by 3 desc limit 1000`;

// Of the newest segments of each partition. A key that is of no trace is that of a record without a correlation id.
const TRACES_ON = `
  select k as trace_key from (
    select distinct on (k) k, g.stored_day, g.base_offset
    from incarnation i join partition_state p on p.incarnation_id = i.id
    cross join lateral (
      select stored_day, base_offset, trace_keys from segment s
      where s.incarnation_id = i.id and s.partition = p.partition order by base_offset desc limit 3
    ) g cross join lateral unnest(g.trace_keys) k
    where i.workspace_id = $1 and i.topic = $2 and i.gone_at is null
  ) newest
  where exists (select from trace t where t.trace_key = k) or exists (select from dirty_mark m where m.trace_key = k)
  order by stored_day desc, base_offset desc limit 5`;

const TYPE_ID = `(select id from name where workspace_id = $1 and kind = 'event type' and label = $2 limit 1)`;

// Among the newest traces alone: of a common type there are millions.
const TRACES_OF_TYPE = `
  select trace_key from (
    select trace_key, type_ids, ended_at from trace where workspace_id = $1 order by ended_at desc limit 2000
  ) t where type_ids @> array[${TYPE_ID}] order by ended_at desc limit 5`;

const STALLED_TRACES = `
  select s.trace_key from stall s where s.workspace_id = $1 and s.missing_type = $2 order by s.since limit 5`;

const MAKER = `
  select n.label from type_maker m join name n on n.id = m.service_id where m.workspace_id = $1 and m.type_id = ${TYPE_ID}`;
