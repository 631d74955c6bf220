import { prepared } from '../prepared.ts';
import { timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { CURSOR_INT, CURSOR_MICROS, CURSOR_OFFSET, CURSOR_TOPIC, readCursor, writeCursor } from './cursor.ts';
import { EVENT_COLUMNS, EVENT_JOINS, type EventRow } from './event-rows.ts';
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
  const { trace_key, first_day, last_day } = trace;
  const values = [trace_key, first_day, last_day];
  const asked = [...values, limit + 1];
  const { rows } = await client.query<EventRow & { found: number }>(
    cursor === undefined ? { ...FIRST_PAGE, values: asked } : { ...NEXT_PAGE, values: [...asked, ...placeIn(cursor)] },
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    rows: page,
    nextCursor: last === undefined ? null : placeOf(last),
    found: rows[0]?.found ?? (await countEvents(client, values)),
  };
}

const MINE = 'e.trace_key = $1::uuid and e.stored_day between $2::date and $3::date';
const FOUND = `(select count(*)::int from event e where ${MINE})`;

const pageWhere = (place: string) =>
  prepared(`
  select ${EVENT_COLUMNS}, ${FOUND} as found from ${EVENT_JOINS} where ${MINE} and ${STANDING} and ${place}
  order by ${CANONICAL} limit $4`);

const FIRST_PAGE = pageWhere('true');
const NEXT_PAGE = pageWhere(
  `(${CANONICAL}) > (${timeSql('$5')}, ${timeSql('$6')}, $7::text, $8::int, $9::bigint, $10::int)`,
);
const COUNT = prepared(`select ${FOUND} as found`);

/** A page without events does not say how many there are. */
async function countEvents(client: Queryable, values: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ found: number }>({ ...COUNT, values: [...values] });
  return rows[0]?.found ?? 0;
}

function placeOf(row: EventRow): string {
  const { occurred_us, recorded_us, topic, partition, offset, incarnation_id } = row;
  return writeCursor('trace-events', [occurred_us, recorded_us, topic, `${partition}`, offset, `${incarnation_id}`]);
}

function placeIn(cursor: string): readonly string[] {
  const shape = [CURSOR_MICROS, CURSOR_MICROS, CURSOR_TOPIC, CURSOR_INT, CURSOR_OFFSET, CURSOR_INT];
  return readCursor('trace-events', cursor, shape);
}
