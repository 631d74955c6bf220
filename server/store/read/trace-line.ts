import { type Evidence, evidenceFromCode, type HopEvidence } from '../../model/evidence.ts';
import type { Station } from '../../model/wire.ts';
import { microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import type { TraceRow } from './trace-summary.ts';

/** Most stations of a line. */
const STATIONS = 40;

interface StationRow {
  trace_key: string;
  event_type: string;
  service: string | null;
  occurred_us: string;
  evidence: number | null;
}

/** The first stations of each trace, in order, for drawing; copies left out. */
export async function readLines(
  client: Queryable,
  traces: readonly TraceRow[],
): Promise<ReadonlyMap<string, readonly Station[]>> {
  const lines = new Map<string, Station[]>(traces.map((trace) => [trace.trace_key, []]));
  if (traces.length === 0) return lines;
  const starts = new Map(traces.map((trace) => [trace.trace_key, Number(trace.started_us)]));
  const { rows } = await client.query<StationRow>(SELECT, [
    traces.map((trace) => trace.trace_key),
    traces.map((trace) => trace.first_day).sort()[0],
    traces
      .map((trace) => trace.last_day)
      .sort()
      .at(-1),
  ]);
  for (const row of rows) {
    lines.get(row.trace_key)?.push({
      event_type: row.event_type,
      service: row.service,
      at_ms: (Number(row.occurred_us) - (starts.get(row.trace_key) ?? 0)) / 1000,
      evidence: row.evidence === null ? null : causeEvidence(evidenceFromCode(row.evidence)),
    });
  }
  return lines;
}

/** Null for a root. */
export function causeEvidence(evidence: Evidence): HopEvidence | null {
  return evidence === 'root' ? null : evidence;
}

/** Events in canonical order: the order stitching uses. */
export const CANONICAL = `e.occurred_at, e.recorded_at, i.topic collate "C", e.partition, e."offset", e.incarnation_id`;

/** True for an event that stands: not a copy of another. */
export const STANDING = `not exists (select from duplicate d where d.trace_key = e.trace_key and not d.conflict
  and d.incarnation_id = e.incarnation_id and d.partition = e.partition and d."offset" = e."offset")`;

/** Joins the parent hop of event `e` as `h`. */
export const PARENT_HOP = `left join hop h on h.stored_day = e.stored_day and h.trace_key = e.trace_key
  and h.incarnation_id = e.incarnation_id and h.partition = e.partition and h."offset" = e."offset" and h.ordinal = 0`;

const SELECT = `
  select s.*, n.label as event_type, v.label as service
  from unnest($1::uuid[]) as k(key) cross join lateral (
    select e.trace_key::text, e.type_id, e.service_id, ${microsSql('e.occurred_at')} as occurred_us, h.evidence,
      row_number() over (order by ${CANONICAL}) as place
    from event e join incarnation i on i.id = e.incarnation_id ${PARENT_HOP}
    where e.trace_key = k.key and e.stored_day between $2::date and $3::date and ${STANDING}
    order by ${CANONICAL} limit ${STATIONS}
  ) s
  join name n on n.id = s.type_id left join name v on v.id = s.service_id
  order by s.trace_key, s.place`;
