import type { Pool } from 'pg';
import type { ExpiredDay, ExpiryReport, RetentionPolicy, RetentionStore } from '../../ports/retention-store.ts';
import { UNCORRELATED_CODES, UNDECODABLE_CODES } from '../read/totals.ts';
import { dayText } from '../sql-time.ts';
import { type Queryable, withClient } from '../transaction.ts';
import { dropPeriod } from './drop-period.ts';
import { forgetTraces } from './forget-traces.ts';
import { readKeptPeriods, readOtherBytes } from './kept-periods.ts';
import { planExpiry } from './plan-expiry.ts';

/** Lock space of retention: one process at a time. */
const LOCK = 7205;

/**
 * Retention on PostgreSQL. `now` in milliseconds is the database's own unless given: one wrong clock among the taps must
 * not drop days that are still wanted.
 */
export function createRetentionStore({
  pool,
  now,
}: {
  readonly pool: Pool;
  readonly now?: () => number;
}): RetentionStore {
  return {
    expire: (policy) =>
      withClient(pool, async (client) => {
        const { rows } = await client.query<{ mine: boolean; now_ms: string }>(
          'select pg_try_advisory_lock($1, 0) as mine, (extract(epoch from now()) * 1000)::bigint as now_ms',
          [LOCK],
        );
        if (rows[0]?.mine !== true) return null;
        // A failure closes the connection, and the lock goes with it.
        const report = await expire(client, policy, now?.() ?? Number(rows[0].now_ms));
        await client.query('select pg_advisory_unlock($1, 0)', [LOCK]);
        return report;
      }),
  };
}

async function expire(client: Queryable, policy: RetentionPolicy, nowMs: number): Promise<ExpiryReport> {
  const plan = planExpiry(await readKeptPeriods(client), policy, nowMs, await readOtherBytes(client));
  for (const { keptAs, firstDay, endDay, why, bytes } of plan.due) {
    await client.query(DECIDE, [keptAs, dayText(firstDay), dayText(endDay), bytes, why]);
  }
  const dropped: ExpiredDay[] = [];
  const held: ExpiredDay[] = [];
  // Those decided before and cut short come along.
  const { rows: decided } = await client.query<DecidedRow>(DECIDED);
  for (const { kept_as: keptAs, day, why, bytes } of decided) {
    if (keptAs === 'events') await forgetTraces(client, day);
    const expired = { keptAs, day, why, bytes: Number(bytes) };
    if (await dropPeriod(client, keptAs, day)) {
      await client.query(DROPPED, [keptAs, day]);
      // What has expired as it should is no damage any more.
      if (keptAs === 'events') await client.query(FORGET_GROUPS, [day]);
      if (keptAs === 'events') await client.query(FORGET_LETTERS, [day]);
      if (keptAs === 'payload') await client.query('delete from damage where stored_day <= $1::date', [day]);
      dropped.push(expired);
    } else held.push(expired);
  }
  await forgetLeftovers(client);
  return { dropped, held, over: plan.over };
}

/** Traces that settle held while their day was dropped. */
async function forgetLeftovers(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ day: string | null }>(
    `select max(day)::text as day from expired_day where kept_as = 'events' and dropped_at is not null`,
  );
  const day = rows[0]?.day ?? null;
  if (day !== null) await forgetTraces(client, day);
}

interface DecidedRow {
  kept_as: ExpiredDay['keptAs'];
  day: string;
  why: ExpiredDay['why'];
  bytes: string;
}

const DECIDE = `
  insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
  select w.id, $1, $2::date, coalesce(sum(c.records), 0),
    coalesce(sum(c.records) filter (where c.reason in (${UNDECODABLE_CODES.join(', ')})), 0),
    coalesce(sum(c.records) filter (where c.reason in (${UNCORRELATED_CODES.join(', ')})), 0), $4::bigint, $5
  from workspace w left join ingest_count c on c.workspace_id = w.id
    and c.stored_minute >= $2::date::timestamp at time zone 'utc' and c.stored_minute < $3::date::timestamp at time zone 'utc'
  group by w.id
  on conflict (workspace_id, kept_as, day) do update set records = excluded.records,
    undecodable = excluded.undecodable, uncorrelated = excluded.uncorrelated, bytes = excluded.bytes, why = excluded.why,
    dropped_at = null`;

const DECIDED = `
  select kept_as, day::text, min(why) as why, max(bytes)::text as bytes from expired_day where dropped_at is null
  group by kept_as, day order by day, kept_as desc`;

// A group that comes again later is written with its day in the transaction of its event, so none is lost here.
const FORGET_GROUPS = `
  delete from violation_group g where g.used_day <= $1::date
    and not exists (select from violation_state s where s.group_key = g.key)`;

const FORGET_LETTERS = `
  with letters as (delete from foreign_letter where stored_day <= $1::date)
  delete from dead_letter_group where used_day <= $1::date`;

const DROPPED = 'update expired_day set dropped_at = now() where kept_as = $1 and day = $2::date';
