import type { PoolClient } from 'pg';
import type { AuditDifference } from '../../model/audit-wire.ts';
import { NOTHING_FROZEN } from '../../model/frozen.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { AuditMinute, AuditRules, Recount } from '../../ports/audit-store.ts';
import { type DirtyTrace, shardOf } from '../../ports/settle-store.ts';
import type { EventNames } from '../settle/event-names.ts';
import { frozenByTrace } from '../settle/frozen-effects.ts';
import { type HopRow, toHopRow } from '../settle/hop-row.ts';
import { readHopRows } from '../settle/hop-rows.ts';
import { sumChanges } from '../settle/hop-sums.ts';
import { readEvents } from '../settle/read-events.ts';
import { findSeries } from '../settle/series-ids.ts';
import type { TraceSpan } from '../settle/trace-span.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import { countsOf, histogramOf, SUM_COLUMNS, type SumCounts, type SumRow } from '../sum-row.ts';
import { TIERS } from '../tiers.ts';

/** Traces and events of one minute and shard that are stitched again at most: the audit must not weigh on the tap. */
const MOST_TRACES = 5_000;
const MOST_EVENTS = 100_000;

/** Stitches the traces of a minute anew, without what is sealed, and compares what they give with the live sums that are stored. */
export async function recountMinute(
  client: PoolClient,
  { workspaceId, names }: { readonly workspaceId: number; readonly names: EventNames },
  { minute, shard }: AuditMinute,
  { settle, topologyVersion }: AuditRules,
): Promise<Recount> {
  const marked = (await readTraces(client, workspaceId, microsToSql(minute), topologyVersion)).filter(
    (trace) => shardOf(trace.traceKey) === shard,
  );
  const events = marked.reduce((sum, trace) => sum + trace.events, 0);
  if (marked.length > MOST_TRACES || events > MOST_EVENTS || marked.some((trace) => !trace.settled)) {
    return { kind: 'passed over' };
  }
  const frozen = frozenByTrace(await readHopRows(client, marked));
  const open = await readEvents(client, marked, names);
  const settled =
    open.length === 0
      ? []
      : settle(open.map((trace) => ({ ...trace, frozen: frozen.get(trace.traceKey) ?? NOTHING_FROZEN })));
  const wanted = settled.flatMap((trace) => trace.measured.map((one) => ({ ...one, trace })));
  const ids = await findSeries(
    client,
    workspaceId,
    wanted.map(({ series }) => series),
  );
  const rows: HopRow[] = [];
  const differences: AuditDifference[] = [];
  const at = `minute ${microsToRfc3339(minute)}, shard ${shard}`;
  for (const { hop, series, trace } of wanted) {
    const row = toHopRow(hop, ids(series) ?? -1, trace);
    if (row.minute !== minute) continue;
    if (row.seriesId === -1) differences.push({ at, what: `A ${series.kind} belongs to a series that is not stored.` });
    else rows.push(row);
  }
  const counted = new Map(sumChanges({ removed: [], added: rows }, TIERS[0]).map((sum) => [sum.seriesId, sum]));
  const stored = await readStored(client, microsToSql(minute), shard);
  for (const seriesId of new Set([...counted.keys(), ...stored.keys()])) {
    const [is, should] = [stored.get(seriesId), counted.get(seriesId)];
    const what = compare(is, should);
    if (what !== null) differences.push({ at: `${at}, series ${seriesId}`, what });
  }
  return { kind: 'recounted', traces: settled.length, sums: counted.size, differences };
}

interface Counted extends SumCounts {
  readonly histogram: ReadonlyMap<number, number>;
}

/** What of two sums differs, in a sentence; null when nothing does. */
function compare(is: Counted | undefined, should: Counted | undefined): string | null {
  if (is === undefined || should === undefined) {
    return is === undefined
      ? 'The events give a sum that is not stored.'
      : 'A sum is stored that the events do not give.';
  }
  for (const field of ['effects', 'skewed', 'acrossGap', 'extra', 'measured'] as const) {
    if (is[field] !== should[field]) return `${field} is ${is[field]}, the events give ${should[field]}.`;
  }
  for (const bucket of new Set([...is.histogram.keys(), ...should.histogram.keys()])) {
    const [a, b] = [is.histogram.get(bucket) ?? 0, should.histogram.get(bucket) ?? 0];
    if (a !== b) return `bucket ${bucket} of the histogram holds ${a} times, the events give ${b}.`;
  }
  return null;
}

interface TraceOfMinute extends DirtyTrace, TraceSpan {
  readonly events: number;
  readonly settled: boolean;
}

/** The traces that have an event in a minute, or whose hop rows say so. */
async function readTraces(
  client: PoolClient,
  workspaceId: number,
  minuteUs: string,
  topologyVersion: number,
): Promise<readonly TraceOfMinute[]> {
  // Events of a sealed day that is about to go give to nothing live, unless their trace waits to be sealed.
  const { rows } = await client.query<{ key: string; first: string; last: string; events: number; settled: boolean }>(
    `with over as materialized (
       select coalesce(max(day), '-infinity'::date) as day from expired_day
       where workspace_id = $3 and kept_as = 'events' and sealing_at is not null
     ), keys as (
       select distinct e.trace_key from event e
       where e.occurred_at >= ${timeSql('$1')} and e.occurred_at < ${timeSql('$1')} + interval '1 minute'
         and e.flags & 7168 <> 3072 and (e.stored_day > (select day from over)
           or exists (select from trace t where t.trace_key = e.trace_key and t.first_day <= e.stored_day))
     )
     select k.trace_key::text as key, coalesce(t.first_day, current_date)::text as first,
       coalesce(t.last_day, current_date)::text as last, coalesce(t.event_count + t.duplicate_count, 0) as events,
       t.trace_key is not null and t.topology_version = $2
         and not exists (select from dirty_mark m where m.trace_key = k.trace_key) as settled
     from keys k left join trace t using (trace_key)`,
    [minuteUs, topologyVersion, workspaceId],
  );
  return rows.map((row) => ({
    ...{ traceKey: row.key, firstDay: row.first, lastDay: row.last, events: row.events, settled: row.settled },
    ...{ idKind: 'correlation', idText: '', idLength: 0 },
  }));
}

async function readStored(client: PoolClient, minuteUs: string, shard: number): Promise<ReadonlyMap<number, Counted>> {
  const { rows } = await client.query<SumRow>(
    `select ${SUM_COLUMNS} from hop_by_minute s where s.bucket = ${timeSql('$1')} and s.shard = $2 and not s.sealed`,
    [minuteUs, shard],
  );
  return new Map(rows.map((row) => [row.series_id, { ...countsOf(row), histogram: histogramOf(row) }]));
}
