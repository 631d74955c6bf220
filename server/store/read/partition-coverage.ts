import type { Pool } from 'pg';
import { microsToRfc3339 } from '../../model/time.ts';
import type { Coverage, DamageReason, HoleReason, OffsetRange, PartitionCoverage } from '../../model/wire.ts';
import type { PartitionFilter } from '../../ports/reads.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { CURSOR_INT, CURSOR_TOPIC, readCursor, writeCursor } from './cursor.ts';
import { Parameters } from './parameters.ts';
import { UNREAD_FROM } from './pulse.ts';

/** Most holes, and most damaged runs, of one partition in an answer: the newest. */
const HOLES = 500;
const DAMAGES = 100;

interface HoleRow {
  readonly from: string;
  readonly to: string;
  readonly reason: HoleReason;
  readonly noticed_us: string;
}

interface DamageRow {
  readonly from: string;
  readonly records: number;
  readonly why: DamageReason;
  readonly noticed_us: string;
}

interface PartitionRow {
  topic: string;
  n: number;
  partition: number;
  first_offset: string;
  next_offset: string;
  low: string | null;
  high: string | null;
  last_recorded_us: string | null;
  unread_for_us: string | null;
  gone: boolean;
  /** In offset order; one more than is shown when there are more. */
  holes: readonly HoleRow[];
  hole_count: number;
  damaged: readonly DamageRow[];
}

/** One page of partitions by topic, incarnation and number. */
export async function readPartitions(
  pool: Pool,
  workspaceId: number,
  filter: PartitionFilter,
): Promise<Pick<Coverage, 'partitions' | 'next_cursor'>> {
  if (filter.limit === 0) return { partitions: [], next_cursor: null };
  const params = new Parameters();
  const conditions = [`i.workspace_id = ${params.add(workspaceId)}`];
  if (filter.topic !== undefined) conditions.push(`i.topic = ${params.add(storableText(filter.topic, 256))}`);
  if (filter.withHoles) {
    conditions.push(`(exists (select from hole h where ${ofPartition('h')})
      or exists (select from damage d where ${ofPartition('d')}))`);
  }
  if (filter.cursor !== undefined) {
    const place = readCursor('partitions', filter.cursor, [CURSOR_TOPIC, CURSOR_INT, CURSOR_INT]);
    conditions.push(`(${ORDER}) > (${place.map((part) => params.add(part)).join(', ')})`);
  }
  const { rows } = await pool.query<PartitionRow>(
    `${SELECT} where ${conditions.join(' and ')} order by ${ORDER} limit ${params.add(filter.limit + 1)}`,
    params.values,
  );
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    partitions: page.map(toPartition),
    next_cursor: last === undefined ? null : writeCursor('partitions', [last.topic, `${last.n}`, `${last.partition}`]),
  };
}

function toPartition(row: PartitionRow): PartitionCoverage {
  const lag = lagOf(row);
  const shown = row.holes.slice(-HOLES);
  const at = (us: string) => microsToRfc3339(microsFromSql(us));
  return {
    topic: row.topic,
    n: row.n,
    partition: row.partition,
    stored: storedRanges(row, shown),
    low: row.low,
    high: row.high,
    next: row.next_offset,
    lag: lag?.toString() ?? null,
    lag_s: lagSeconds(row, lag),
    last_recorded_at: row.last_recorded_us === null ? null : at(row.last_recorded_us),
    gone: row.gone,
    holes: shown.map(({ from, to, reason, noticed_us }) => ({ from, to, reason, noticed_at: at(noticed_us) })),
    holes_omitted: row.hole_count - shown.length,
    damaged: row.damaged.map(({ noticed_us, ...damage }) => ({ ...damage, noticed_at: at(noticed_us) })),
  };
}

function lagOf(row: PartitionRow): bigint | null {
  if (row.gone) return 0n;
  if (row.high === null) return null;
  const lag = BigInt(row.high) - BigInt(row.next_offset);
  return lag > 0n ? lag : 0n;
}

function lagSeconds(row: PartitionRow, lag: bigint | null): number | null {
  if (lag === 0n) return 0;
  return lag === null || row.unread_for_us === null ? null : Math.max(0, Math.round(Number(row.unread_for_us) / 1e6));
}

/** From the first offset, or the end of the last hole that is not shown, to the next one, holes cut out. */
function storedRanges(row: PartitionRow, shown: readonly HoleRow[]): OffsetRange[] {
  const ranges: OffsetRange[] = [];
  const omitted = row.holes.length > shown.length ? row.holes[0] : undefined;
  let from = BigInt(omitted?.to ?? row.first_offset);
  for (const hole of shown) {
    if (BigInt(hole.from) > from) ranges.push({ from: from.toString(), to: hole.from });
    if (BigInt(hole.to) > from) from = BigInt(hole.to);
  }
  if (BigInt(row.next_offset) > from) ranges.push({ from: from.toString(), to: row.next_offset });
  return ranges;
}

function ofPartition(table: string): string {
  return `${table}.incarnation_id = p.incarnation_id and ${table}.partition = p.partition`;
}

const ORDER = 'i.topic collate "C", i.n, p.partition';

const SELECT = `
  select i.topic, i.n, p.partition, p.first_offset, p.next_offset, p.low, p.high, i.gone_at is not null as gone,
    ${microsSql('p.last_recorded_at')} as last_recorded_us,
    (extract(epoch from now() - ${UNREAD_FROM}) * 1000000)::bigint as unread_for_us,
    coalesce((
      select json_agg(json_build_object('from', h.from_offset::text, 'to', h.to_offset::text, 'reason', h.reason,
        'noticed_us', ${microsSql('h.noticed_at')}::text) order by h.from_offset)
      from (select * from hole h where ${ofPartition('h')} order by from_offset desc limit ${HOLES + 1}) h), '[]') as holes,
    (select count(*)::int from hole h where ${ofPartition('h')}) as hole_count,
    coalesce((
      select json_agg(json_build_object('from', d.base_offset::text, 'records', d.record_count, 'why', d.why,
        'noticed_us', ${microsSql('d.noticed_at')}::text) order by d.base_offset)
      from (select * from damage d where ${ofPartition('d')} order by base_offset desc limit ${DAMAGES}) d), '[]') as damaged
  from partition_state p join incarnation i on i.id = p.incarnation_id`;
