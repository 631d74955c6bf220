import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import { SHARDS } from '../../ports/settle-store.ts';
import { EventNames } from '../settle/event-names.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { BEGIN, inTransaction } from '../transaction.ts';
import { checkSegments } from './check-segments.ts';
import { eventLots } from './event-lots.ts';
import { recountMinute } from './recount-minute.ts';

/** Audits that are kept. */
const KEPT = 1_000;

/** The audit on PostgreSQL: it reads in snapshots of its own, and holds no lock that settle or ingest wait for. */
export function createAuditStore({
  pool,
  workspaceId,
  queues,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
  /** Names alone say which topics are queues without it. */
  readonly queues?: QueueNames;
}): AuditStore {
  const names = new EventNames(queues);
  return {
    async chooseMinutes(count) {
      const byEvent = Math.floor(count / 2);
      const { rows } = await pool.query<{ minute_us: string; shard: number }>(CHOOSE, [count - byEvent, byEvent]);
      return rows.map(({ minute_us, shard }) => ({ minute: microsFromSql(minute_us), shard }));
    },
    recount: (minute, rules) =>
      inTransaction(pool, (client) => recountMinute(client, { workspaceId, names }, minute, rules), BEGIN.reading),
    checkSegments: (count) => inTransaction(pool, (client) => checkSegments(client, workspaceId, count), BEGIN.reading),
    async keep(audit) {
      await pool.query(KEEP, [
        workspaceId,
        audit.beganAt,
        audit.minutes,
        audit.passedOver,
        audit.traces,
        audit.sums,
        audit.segments,
        audit.records,
        JSON.stringify(audit.differences),
      ]);
      await pool.query(
        `delete from audit where workspace_id = $1 and id <= (
           select id from audit where workspace_id = $1 order by id desc offset ${KEPT} limit 1)`,
        [workspaceId],
      );
    },
  };
}

// By lot over the time that has live sums: from a random instant the next minute that has one. The last minute still grows.
// One event that says it is of 1970 makes nearly all of that time empty, and those lots fall on the minute behind: half of
// them fall on events. The shard of the first is chosen by lot too, as there may be fewer minutes than shards.
const CHOOSE = `
  with span as materialized (
    select min(bucket) as first, least(max(bucket), now() - interval '1 minute') as last
    from hop_by_minute where not sealed
  ), lots as materialized (
    select first + random() * (last - first) as at from span, generate_series(1, $1::int) where first <= last
  ), events as materialized (${eventLots('occurred_at', '$2')}
  ), chosen as (
    select m.bucket from lots l cross join lateral (
      select bucket from hop_by_minute where bucket >= date_trunc('minute', l.at) and not sealed order by bucket limit 1
    ) m
    union
    select m.bucket from events e cross join lateral (
      select bucket from hop_by_minute
      where bucket = date_bin('1 minute', e.occurred_at, timestamptz 'epoch') and not sealed limit 1
    ) m join span s on m.bucket <= s.last
  )
  select ${microsSql('bucket')} as minute_us, ((row_number() over (order by bucket) + f.shard) % ${SHARDS})::int as shard
  from chosen cross join (select floor(random() * ${SHARDS})::int as shard) f`;

const KEEP = `
  insert into audit (workspace_id, began_at, ended_at, minutes, passed_over, traces, sums, segments, records, differences)
  values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8, $9)`;
