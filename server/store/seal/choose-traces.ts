import type { PoolClient } from 'pg';
import type { DirtyTrace } from '../../ports/settle-store.ts';
import { idKindFromCode } from '../codes.ts';
import type { TraceSpan } from '../settle/trace-span.ts';

/** Traces of one step, and of those the ones that go on or wait for settle: they are stitched. */
const AT_ONCE = 1000;
const STITCHED_AT_ONCE = 200;
/** Events of one step, unless one trace alone has more. */
const EVENTS_AT_ONCE = 100_000;

interface ChosenRow {
  trace_key: string;
  goes_on: boolean;
  events: number;
}

/** Keys of the next traces of a shard that have events stored until `day`: what one step seals. */
export async function chooseTraces(
  client: PoolClient,
  workspaceId: number,
  shard: number,
  day: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<ChosenRow>(CHOOSE, [workspaceId, shard, day, AT_ONCE]);
  let [events, stitched] = [0, 0];
  const chosen: string[] = [];
  for (const row of rows) {
    if (row.goes_on && ++stitched > STITCHED_AT_ONCE) continue;
    events += row.events;
    if (chosen.length > 0 && events > EVENTS_AT_ONCE) break;
    chosen.push(row.trace_key);
  }
  return chosen;
}

// By when they began: what falls into the same minutes leaves them in few steps.
const CHOOSE = `
  select t.trace_key::text, t.event_count + t.duplicate_count as events,
    t.last_day > $3::date or exists (select from dirty_mark m where m.trace_key = t.trace_key) as goes_on
  from trace t
  where t.workspace_id = $1 and t.first_day <= $3::date and get_byte(uuid_send(t.trace_key), 15) % 4 = $2
  order by t.first_day, t.started_at limit $4`;

/** A trace with the days its rows lie in. */
export type SpannedKey = DirtyTrace & TraceSpan;

interface SpanRow {
  trace_key: string;
  id_kind: number;
  id_text: string;
  id_length: number;
  first_day: string;
  last_day: string;
}

/** Those of these traces that have events stored until `day`. */
export async function readSpans(
  client: PoolClient,
  traceKeys: readonly string[],
  day: string,
): Promise<readonly SpannedKey[]> {
  const { rows } = await client.query<SpanRow>(SPANS, [traceKeys, day]);
  return rows.map((row) => ({
    traceKey: row.trace_key,
    idKind: idKindFromCode(row.id_kind),
    idText: row.id_text,
    idLength: row.id_length,
    firstDay: row.first_day,
    lastDay: row.last_day,
  }));
}

const SPANS = `
  select trace_key::text, id_kind, id_text, id_length, first_day::text, last_day::text
  from trace where trace_key = any($1::uuid[]) and first_day <= $2::date`;
