import { dayFromText } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import type { KeptPeriod } from './plan-expiry.ts';

interface PeriodRow {
  kept_as: KeptPeriod['keptAs'];
  first_day: string;
  end_day: string;
  bytes: string;
}

/** Everything that is kept by days or months, with its size on disk: heap, indexes and TOAST. */
export async function readKeptPeriods(client: Queryable): Promise<readonly KeptPeriod[]> {
  const { rows } = await client.query<PeriodRow>(PERIODS);
  return rows.map((row) => ({
    keptAs: row.kept_as,
    firstDay: dayFromText(row.first_day),
    endDay: dayFromText(row.end_day),
    bytes: Number(row.bytes),
  }));
}

/** Size on disk of our tables that are not cut by time. */
export async function readOtherBytes(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(OTHER);
  return Number(rows[0]?.bytes ?? 0);
}

/** The partitions of kept tables, `first_day` read out of their names. */
const PARTITIONS = `
  select k.kept_as, k.span, c.oid, to_date(
    rpad(substring(c.relname from '\\d+$'), 8, '01'), 'YYYYMMDD') as first_day
  from kept_table k join pg_inherits i on i.inhparent = k.name::regclass join pg_class c on c.oid = i.inhrelid`;

const PERIODS = `
  select kept_as, first_day::text, (first_day + ('1 ' || span)::interval)::date::text as end_day,
    sum(pg_total_relation_size(oid))::text as bytes
  from (${PARTITIONS}) p group by kept_as, span, first_day`;

const OTHER = `
  select coalesce(sum(pg_total_relation_size(c.oid)), 0)::text as bytes from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
    and c.oid not in (select oid from (${PARTITIONS}) p)`;
