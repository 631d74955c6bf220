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

type PageRow = EventRow & { readonly found: number };
type SettledRow = PageRow & { readonly first_day: string; readonly last_day: string };

/** The first page of a key, asked before it is known whether a trace is settled under it, and in which days its events lie. */
export interface ForeseenPage {
  readonly key: string;
  readonly rows: readonly SettledRow[];
}

/** Asks for the first page of what is settled under a key, so that it comes with the trace's row and not after it. */
export async function foreseeTraceEvents(client: Queryable, key: string, limit: number): Promise<ForeseenPage> {
  return { key, rows: (await client.query<SettledRow>({ ...FORESEEN, values: [key, limit + 1] })).rows };
}

/** One page of a trace's standing events in canonical order; the foreseen one where it is of the same key and days. */
export async function readTraceEvents(
  client: Queryable,
  trace: TraceRow,
  { limit, cursor }: { limit: number; cursor?: string },
  foreseen: ForeseenPage | null,
): Promise<EventPage> {
  const { trace_key, first_day, last_day } = trace;
  const values = [trace_key, first_day, last_day];
  const rows = fits(foreseen, trace) ? foreseen.rows : await askPage();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    rows: page,
    nextCursor: last === undefined ? null : placeOf(last),
    found: rows[0]?.found ?? (await countEvents(client, values)),
  };

  async function askPage(): Promise<readonly PageRow[]> {
    const asked = [...values, limit + 1];
    const statement =
      cursor === undefined
        ? { ...FIRST_PAGE, values: asked }
        : { ...NEXT_PAGE, values: [...asked, ...placeIn(cursor)] };
    return (await client.query<PageRow>(statement)).rows;
  }
}

/** Marks that wait may have widened the days; an empty page says nothing of them. */
function fits(foreseen: ForeseenPage | null, trace: TraceRow): foreseen is ForeseenPage {
  const row = foreseen?.rows[0];
  return (
    row !== undefined &&
    foreseen?.key === trace.trace_key &&
    row.first_day === trace.first_day &&
    row.last_day === trace.last_day
  );
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

// The days are known before the events are looked for, so only their partitions are.
const SETTLED_DAYS = `(select t.first_day from trace t where t.trace_key = $1::uuid) as first_day,
  (select t.last_day from trace t where t.trace_key = $1::uuid) as last_day`;
const SETTLED = `e.trace_key = $1::uuid and e.stored_day between (select t.first_day from trace t where t.trace_key = $1::uuid)
  and (select t.last_day from trace t where t.trace_key = $1::uuid)`;
const FORESEEN = prepared(`
  select ${EVENT_COLUMNS}, (select count(*)::int from event e where ${SETTLED}) as found, known.first_day::text, known.last_day::text
  from (select ${SETTLED_DAYS}) known cross join ${EVENT_JOINS} where ${SETTLED} and ${STANDING}
  order by ${CANONICAL} limit $2`);

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
