import type { PoolClient } from 'pg';
import { SHARDS } from '../../ports/settle-store.ts';
import { awaitShard } from '../settle/shard-lock.ts';
import { dayFromText } from '../sql-time.ts';
import { TIERS } from '../tiers.ts';
import { transactionOn } from '../transaction.ts';

/** Sums that one statement takes away. */
const AT_ONCE = 10_000;
const DAY_MS = 86_400_000;

/**
 * Lets go of minutes whose events are gone. Live sums are of stored events, so only sealed ones go: of minutes up to the
 * last day that was dropped, and of minutes that are still to come by whoever's clock; as long as a stored event gives
 * to the same sum, live or frozen, it stays whole.
 */
export async function forgetMinutes(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ day: string | null }>(LAST_DROPPED);
  const day = rows[0]?.day ?? null;
  if (day === null) return;
  const endMs = (dayFromText(day) + 1) * DAY_MS;
  for (const where of [
    's.bucket < to_timestamp($1)',
    `s.bucket >= now() + interval '1 day' and $1::float8 is not null`,
  ]) {
    let gone = AT_ONCE;
    while (gone === AT_ONCE) gone = (await client.query(minutesSql(where), [endMs / 1000])).rowCount ?? 0;
  }
}

/** The last day whose events are gone, as are those of all days before it. */
const LAST_DROPPED = `
  select max(day)::text as day from expired_day
  where kept_as = 'events' and dropped_at is not null
    and day < coalesce((select min(day) from expired_day where kept_as = 'events' and dropped_at is null), 'infinity')`;

function minutesSql(where: string): string {
  return `
  with due as materialized (
    select s.bucket, s.series_id, s.shard from hop_by_minute s
    where s.sealed and ${where}
      and not exists (select from hop_by_minute l
        where l.bucket = s.bucket and l.series_id = s.series_id and l.shard = s.shard and not l.sealed)
      and not exists (select from hop h where h.sealed and h.series_id = s.series_id and h.minute = s.bucket)
    limit ${AT_ONCE}
  )
  delete from hop_by_minute m using due d
  where m.bucket = d.bucket and m.series_id = d.series_id and m.shard = d.shard and m.sealed`;
}

/**
 * Lets go of hours and days that ended before `untilMs`; those to which a stored event still gives, live or frozen, go with
 * their events: one that is read anew is taken out of the sum it is in.
 */
export async function forgetWiderSums(client: PoolClient, untilMs: number): Promise<void> {
  for (const { table, hours } of TIERS) {
    if (hours === null) continue;
    const values = [untilMs / 1000, hours];
    let gone = AT_ONCE;
    while (gone === AT_ONCE) {
      const { rows } = await client.query<{ n: number }>(widerSql(table), values);
      gone = rows[0]?.n ?? 0;
    }
    await forgetVersions(client, table, values);
  }
}

/** Who has read a sum that goes reads it again. */
function widerSql(table: string): string {
  return `
  with due as materialized (
    select s.bucket, s.series_id, s.shard from ${table} s
    where s.sealed and s.bucket <= to_timestamp($1) - $2::int * interval '1 hour'
      and not exists (select from hop h where h.sealed and h.series_id = s.series_id
        and h.minute >= s.bucket and h.minute < s.bucket + $2::int * interval '1 hour')
    limit ${AT_ONCE}
  ), gone as (
    delete from ${table} s using due d
    where s.bucket = d.bucket and s.series_id = d.series_id and s.shard = d.shard and s.sealed returning s.bucket, s.shard
  ), moved as (
    update hop_sum_version v set version = v.version + 1
    from (select distinct bucket, shard from gone) g where v.hours = $2 and v.bucket = g.bucket and v.shard = g.shard
  )
  select count(*)::int as n from gone`;
}

/** Versions of what is empty; under the locks of settle, which writes a sum and then its version. */
async function forgetVersions(client: PoolClient, table: string, values: readonly unknown[]): Promise<void> {
  const due = `v.hours = $2 and v.bucket <= to_timestamp($1) - $2::int * interval '1 hour'`;
  const { rowCount } = await client.query(`select from hop_sum_version v where ${due} limit 1`, [...values]);
  if (rowCount === 0) return;
  await transactionOn(client, async () => {
    const { rows } = await client.query<{ id: number }>('select id from workspace order by id');
    for (const { id } of rows) for (let shard = 0; shard < SHARDS; shard++) await awaitShard(client, id, shard);
    await client.query(
      `delete from hop_sum_version v where ${due}
         and not exists (select from ${table} s where s.bucket = v.bucket and s.shard = v.shard)`,
      [...values],
    );
  });
}
