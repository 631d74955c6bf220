import type { Pool } from 'pg';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { CoverageSummary, CoverageTotals, HoleReason } from '../../model/wire.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { computeLine, joinHoles, type LineHole } from './line.ts';
import { HEARD_MS, type PulseReading } from './pulse.ts';

/** Holes of a range that are looked at for its line; past it what is older is drawn as one hole. */
const LINE_HOLES = 1000;

interface EdgesRow {
  now_us: string;
  first_stored_us: string | null;
  heard_us: string | null;
  expired_to_us: string | null;
}

interface HoleRow {
  topic: string;
  partition: number;
  from: string;
  to: string;
  reason: HoleReason;
  from_us: string;
  to_us: string;
}

/** What is covered in all, and the through line over a range of time. */
export async function readCoverage(
  pool: Pool,
  workspaceId: number,
  range: { from: Micros; to: Micros },
  { pulse, unreadFrom }: PulseReading,
  totals: CoverageTotals,
): Promise<CoverageSummary> {
  const [holes, { rows: edges }] = await Promise.all([
    readLineHoles(pool, workspaceId, range),
    pool.query<EdgesRow>(EDGES, [workspaceId]),
  ]);
  const [edge] = edges;
  if (edge === undefined) throw new Error('a query without from answered no row');
  const now = microsFromSql(edge.now_us);
  const heardUs = edge.heard_us === null ? null : Number(edge.heard_us) + HEARD_MS * 1000;
  return {
    ...pulse,
    totals,
    range: { from: microsToRfc3339(range.from), to: microsToRfc3339(range.to) },
    line: computeLine({
      ...range,
      now,
      firstStored: maybeMicros(edge.first_stored_us),
      // A partition of which nothing is known may hold unread records of any age.
      unreadFrom: unreadFrom === 'any age' ? range.from : unreadFrom,
      unheardFrom: heardUs === null || heardUs >= now ? null : micros(heardUs),
      expiredTo: maybeMicros(edge.expired_to_us),
      holes: joinHoles(range, holes),
    }),
  };
}

async function readLineHoles(
  pool: Pool,
  workspaceId: number,
  range: { from: Micros; to: Micros },
): Promise<LineHole[]> {
  const { rows } = await pool.query<HoleRow>(HOLES, [workspaceId, microsToSql(range.from), microsToSql(range.to)]);
  const holes = rows.slice(0, LINE_HOLES).map((row) => ({
    from: microsFromSql(row.from_us),
    to: microsFromSql(row.to_us),
    why: `${row.topic} partition ${row.partition}: offsets ${row.from} to ${row.to} are missing (${row.reason}).`,
    holes: 1,
  }));
  const oldest = holes.at(-1);
  if (rows.length <= LINE_HOLES || oldest === undefined) return holes;
  return [...holes, { from: range.from, to: oldest.from, why: 'More holes than can be drawn one by one.', holes: 1 }];
}

function maybeMicros(text: string | null): Micros | null {
  return text === null ? null : microsFromSql(text);
}

// A hole without times on its sides lies where it was noticed.
const HOLES = `
  select topic, partition, "from", "to", reason, ${microsSql('begins')} as from_us, ${microsSql('ends')} as to_us from (
    select i.topic, h.partition, h.from_offset::text as from, h.to_offset::text as to, h.reason,
      coalesce(h.from_time, h.noticed_at) as begins,
      greatest(coalesce(h.to_time, h.noticed_at), coalesce(h.from_time, h.noticed_at)) as ends
    from hole h join incarnation i on i.id = h.incarnation_id
    where i.workspace_id = $1
  ) h where begins < ${timeSql('$3')} and ends >= ${timeSql('$2')} order by begins desc limit ${LINE_HOLES + 1}`;

const EDGES = `
  select ${microsSql('now()')} as now_us,
    ${microsSql(`least(
      (select stored_minute from ingest_count where workspace_id = $1 order by stored_minute limit 1),
      (select started_at from trace where workspace_id = $1 order by started_at limit 1))`)} as first_stored_us,
    (select ${microsSql('max(seen_at)')} from process where kind = 'tap') as heard_us,
    (select ${microsSql(`((max(day) + 1)::timestamp at time zone 'utc')`)} from expired_day
      where workspace_id = $1 and kept_as = 'events') as expired_to_us`;
