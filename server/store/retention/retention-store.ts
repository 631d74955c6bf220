import type { Pool, PoolClient } from 'pg';
import type { ExpiredDay, ExpiryReport, RetentionPolicy, RetentionStore } from '../../ports/retention-store.ts';
import { forgetLetters } from '../dead-letters/forget-letters.ts';
import { forgetMarks } from '../dead-letters/forget-marks.ts';
import { LOCKS } from '../locks.ts';
import { UNCORRELATED_CODES, UNDECODABLE_CODES } from '../read/totals.ts';
import { openSealer, type Sealer, type Sealing, sealDay } from '../seal/seal-day.ts';
import { dayText } from '../sql-time.ts';
import { withClient } from '../transaction.ts';
import { dropPeriod } from './drop-period.ts';
import { forgetMinutes, forgetWiderSums } from './forget-sums.ts';
import { readKeptPeriods, readOtherBytes } from './kept-periods.ts';
import { planExpiry } from './plan-expiry.ts';

/**
 * Retention on PostgreSQL. `now` in milliseconds is the database's own unless given: one wrong clock among the taps must
 * not drop days that are still wanted. `settle` is how traces are stitched: events are sealed before they go,
 * which may take long: once `stopping` is aborted it ends after the step in hand, and the next run goes on.
 */
export function createRetentionStore({
  pool,
  now,
  ...sealing
}: Sealing & {
  readonly pool: Pool;
  readonly now?: () => number;
}): RetentionStore {
  return {
    expire: (policy) =>
      withClient(pool, async (client) => {
        const { rows } = await client.query<{ mine: boolean; now_ms: string }>(
          'select pg_try_advisory_lock($1, 0) as mine, (extract(epoch from now()) * 1000)::bigint as now_ms',
          [LOCKS.retention],
        );
        if (rows[0]?.mine !== true) return null;
        // A failure closes the connection, and the lock goes with it.
        const report = await expire(client, policy, sealing, now?.() ?? Number(rows[0].now_ms));
        await client.query('select pg_advisory_unlock($1, 0)', [LOCKS.retention]);
        return report;
      }),
  };
}

async function expire(
  client: PoolClient,
  policy: RetentionPolicy,
  sealing: Sealing,
  nowMs: number,
): Promise<ExpiryReport> {
  const plan = planExpiry(await readKeptPeriods(client), policy, nowMs, await readOtherBytes(client));
  for (const { keptAs, firstDay, endDay, why, bytes } of plan.due) {
    await client.query(DECIDE, [keptAs, dayText(firstDay), dayText(endDay), bytes, why]);
  }
  const sealers = await openSealers(client, sealing);
  const dropped: ExpiredDay[] = [];
  const held: ExpiredDay[] = [];
  // Those decided before and cut short come along.
  const { rows: decided } = await client.query<DecidedRow>(DECIDED);
  for (const { kept_as: keptAs, day, why, bytes } of decided) {
    if (keptAs === 'events' && !(await sealAll(sealers, day))) return { dropped, held, over: plan.over };
    const expired = { keptAs, day, why, bytes: Number(bytes) };
    if (await withoutMerging(client, () => dropPeriod(client, keptAs, day))) {
      await client.query(DROPPED, [keptAs, day]);
      // What has expired as it should is no damage any more.
      if (keptAs === 'events') await client.query(FORGET_GROUPS, [day]);
      if (keptAs === 'events') await forgetLetters(client, day);
      if (keptAs === 'events') await forgetMarks(client);
      if (keptAs === 'payload') await client.query('delete from damage where stored_day <= $1::date', [day]);
      dropped.push(expired);
    } else held.push(expired);
  }
  await forgetMinutes(client);
  await forgetWiderSums(client, nowMs - policy.ageMs.aggregates);
  return { dropped, held, over: plan.over };
}

/** One for each workspace: a day is dropped for all of them. */
async function openSealers(client: PoolClient, sealing: Sealing): Promise<readonly Sealer[]> {
  const { rows } = await client.query<{ id: number }>('select id from workspace order by id');
  return rows.map(({ id }) => openSealer(client, id, sealing));
}

/** False when it was stopped: the day must not be dropped. */
async function sealAll(sealers: readonly Sealer[], day: string): Promise<boolean> {
  for (const sealer of sealers) if (!(await sealDay(sealer, day))) return false;
  return true;
}

/** A day is never dropped while it is merged. A failure closes the connection, and the lock goes with it. */
async function withoutMerging<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('select pg_advisory_lock($1, 0)', [LOCKS.days]);
  const answer = await work();
  await client.query('select pg_advisory_unlock($1, 0)', [LOCKS.days]);
  return answer;
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

const DROPPED = 'update expired_day set dropped_at = now() where kept_as = $1 and day = $2::date';
