import { timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { CURSOR_INT, CURSOR_MICROS, CURSOR_OFFSET, CURSOR_TOPIC, readCursor, writeCursor } from './cursor.ts';
import { EVENT_COLUMNS, EVENT_JOINS, type EventRow } from './event-rows.ts';
import { Parameters } from './parameters.ts';
import { CANONICAL, STANDING } from './trace-line.ts';
import type { TraceRow } from './trace-summary.ts';

export interface EventPage {
  readonly rows: readonly EventRow[];
  readonly nextCursor: string | null;
  /** Rows of the trace that still exist, copies included. */
  readonly found: number;
}

/** One page of a trace's standing events in canonical order. */
export async function readTraceEvents(
  client: Queryable,
  trace: TraceRow,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<EventPage> {
  const params = new Parameters();
  const mine = `e.trace_key = ${params.add(trace.trace_key)}::uuid
    and e.stored_day between ${params.add(trace.first_day)}::date and ${params.add(trace.last_day)}::date`;
  const counted = await client.query<{ found: number }>(`select count(*)::int as found from event e where ${mine}`, [
    ...params.values,
  ]);
  const after = cursor === undefined ? 'true' : afterCursor(cursor, params);
  const { rows } = await client.query<EventRow>(
    `select ${EVENT_COLUMNS} from ${EVENT_JOINS} where ${mine} and ${STANDING} and ${after}
     order by ${CANONICAL} limit ${params.add(limit + 1)}`,
    params.values,
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, nextCursor: last === undefined ? null : placeOf(last), found: counted.rows[0]?.found ?? 0 };
}

function placeOf(row: EventRow): string {
  const { occurred_us, recorded_us, topic, partition, offset, incarnation_id } = row;
  return writeCursor('trace-events', [occurred_us, recorded_us, topic, `${partition}`, offset, `${incarnation_id}`]);
}

function afterCursor(cursor: string, params: Parameters): string {
  const shape = [CURSOR_MICROS, CURSOR_MICROS, CURSOR_TOPIC, CURSOR_INT, CURSOR_OFFSET, CURSOR_INT];
  const [occurred, recorded, ...rest] = readCursor('trace-events', cursor, shape);
  const times = [timeSql(params.add(occurred)), timeSql(params.add(recorded))];
  return `(${CANONICAL}) > (${[...times, ...rest.map((part) => params.add(part))].join(', ')})`;
}
