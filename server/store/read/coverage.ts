import type { Pool } from 'pg';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { Coverage, HoleReason, OffsetRange, PartitionCoverage } from '../../model/wire.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { computeLine, type LineFacts } from './line.ts';
import { HEARD_MS, type PulseReading } from './pulse.ts';
import type { Totals } from './totals.ts';

interface HoleRow {
  readonly from: string;
  readonly to: string;
  readonly reason: HoleReason;
  readonly noticed_us: string;
  readonly from_us: string | null;
  readonly to_us: string | null;
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
  gone: boolean;
  holes: readonly HoleRow[];
}

interface EdgesRow {
  now_us: string;
  first_stored_us: string | null;
  heard_us: string | null;
}

/** Coverage of every partition, and the through line over a range of time. */
export async function readCoverage(
  pool: Pool,
  workspaceId: number,
  range: { from: Micros; to: Micros },
  { pulse }: PulseReading,
  totals: Totals,
): Promise<Coverage> {
  const [{ rows }, { rows: edges }] = await Promise.all([
    pool.query<PartitionRow>(PARTITIONS, [workspaceId]),
    pool.query<EdgesRow>(EDGES, [workspaceId]),
  ]);
  const [edge] = edges;
  if (edge === undefined) throw new Error('a query without from answered no row');
  const nowUs = microsFromSql(edge.now_us);
  return {
    ...pulse,
    partitions: rows.map((row) => toPartition(row, nowUs)),
    totals: {
      stored: totals.stored,
      undecodable: totals.undecodable,
      uncorrelated: totals.uncorrelated,
      violating: '0',
    },
    range: { from: microsToRfc3339(range.from), to: microsToRfc3339(range.to) },
    line: computeLine(toFacts(range, rows, edge)),
  };
}

function lagOf(row: PartitionRow): bigint | null {
  if (row.gone) return 0n;
  if (row.high === null) return null;
  const lag = BigInt(row.high) - BigInt(row.next_offset);
  return lag > 0n ? lag : 0n;
}

function toPartition(row: PartitionRow, nowUs: Micros): PartitionCoverage {
  const lag = lagOf(row);
  const ageUs = row.last_recorded_us === null ? null : nowUs - Number(row.last_recorded_us);
  return {
    topic: row.topic,
    n: row.n,
    partition: row.partition,
    stored: storedRanges(row),
    low: row.low,
    high: row.high,
    next: row.next_offset,
    lag: lag?.toString() ?? null,
    lag_s: lag === 0n ? 0 : lag === null || ageUs === null ? null : Math.max(0, Math.round(ageUs / 1e6)),
    last_recorded_at: row.last_recorded_us === null ? null : microsToRfc3339(microsFromSql(row.last_recorded_us)),
    gone: row.gone,
    holes: row.holes.map(({ from, to, reason, noticed_us }) => ({
      from,
      to,
      reason,
      noticed_at: microsToRfc3339(microsFromSql(noticed_us)),
    })),
  };
}

/** From the first offset to the next one, holes cut out. */
function storedRanges(row: PartitionRow): OffsetRange[] {
  const ranges: OffsetRange[] = [];
  let from = BigInt(row.first_offset);
  for (const hole of row.holes) {
    if (BigInt(hole.from) > from) ranges.push({ from: from.toString(), to: hole.from });
    if (BigInt(hole.to) > from) from = BigInt(hole.to);
  }
  if (BigInt(row.next_offset) > from) ranges.push({ from: from.toString(), to: row.next_offset });
  return ranges;
}

function toFacts(range: { from: Micros; to: Micros }, rows: readonly PartitionRow[], edge: EdgesRow): LineFacts {
  const heardUs = edge.heard_us === null ? null : Number(edge.heard_us) + HEARD_MS * 1000;
  // A partition of which nothing is stored yet may hold records of any age.
  const unread = rows
    .filter((row) => (lagOf(row) ?? 0n) > 0n)
    .map((row) => (row.last_recorded_us === null ? range.from : Number(row.last_recorded_us)));
  return {
    ...range,
    now: microsFromSql(edge.now_us),
    firstStored: edge.first_stored_us === null ? null : microsFromSql(edge.first_stored_us),
    unreadFrom: unread.length === 0 ? null : micros(unread.reduce((a, b) => Math.min(a, b))),
    unheardFrom: heardUs === null || heardUs >= Number(edge.now_us) ? null : micros(heardUs),
    holes: rows.flatMap((row) =>
      row.holes.map((hole) => ({
        from: microsFromSql(hole.from_us ?? hole.noticed_us),
        to: microsFromSql(hole.to_us ?? hole.noticed_us),
        why: `${row.topic} partition ${row.partition}: offsets ${hole.from} to ${hole.to} are missing (${hole.reason}).`,
      })),
    ),
  };
}

const PARTITIONS = `
  select i.topic, i.n, p.partition, p.first_offset, p.next_offset, p.low, p.high, i.gone_at is not null as gone,
    ${microsSql('p.last_recorded_at')} as last_recorded_us,
    coalesce((
      select json_agg(json_build_object('from', h.from_offset::text, 'to', h.to_offset::text, 'reason', h.reason,
        'noticed_us', ${microsSql('h.noticed_at')}::text, 'from_us', ${microsSql('h.from_time')}::text,
        'to_us', ${microsSql('h.to_time')}::text) order by h.from_offset)
      from hole h where h.incarnation_id = p.incarnation_id and h.partition = p.partition), '[]') as holes
  from partition_state p join incarnation i on i.id = p.incarnation_id
  where i.workspace_id = $1
  order by i.topic, i.n, p.partition`;

const EDGES = `
  select ${microsSql('now()')} as now_us,
    ${microsSql(`least(
      (select stored_minute from ingest_count where workspace_id = $1 order by stored_minute limit 1),
      (select started_at from trace where workspace_id = $1 order by started_at limit 1))`)} as first_stored_us,
    (select ${microsSql('max(seen_at)')} from process where kind = 'tap') as heard_us`;
