import type { Pool } from 'pg';
import type { TraceSummary } from '../../model/wire.ts';
import type { TraceFilter } from '../../ports/reads.ts';
import { timeSql } from '../sql-time.ts';
import { CURSOR_MICROS, CURSOR_UUID, readCursor, writeCursor } from './cursor.ts';
import { type FilterIds, findFilterIds } from './filter-ids.ts';
import { Parameters } from './parameters.ts';
import { ACCOMPANIED, SINGLE, traceConditions } from './trace-conditions.ts';
import { readLines } from './trace-line.ts';
import { type SummaryContext, TRACE_COLUMNS, type TraceRow, toSummary } from './trace-summary.ts';

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  readonly nextCursor: string | null;
  readonly singlesFolded: number;
}

/**
 * One page of traces, newest start first. The cursor names the last row shown, (start, key): rows that arrive in
 * between never shift a page. `singlesFolded` counts what was folded out of the stretch this page covers.
 */
export async function readTraceList(
  pool: Pool,
  workspaceId: number,
  filter: TraceFilter,
  context: SummaryContext,
): Promise<TracePage> {
  const ids = await findFilterIds(pool, workspaceId, filter);
  const params = new Parameters();
  const { all, oneOf } = traceConditions(filter, { workspaceId, ...context, ids }, params);
  const conditions = [
    ...all,
    shownSingles(filter),
    ...(filter.cursor === undefined ? [] : [afterCursor(filter.cursor, params)]),
  ];
  const newest = `order by t.started_at desc, t.trace_key limit ${params.add(filter.limit + 1)}`;
  // Chosen by what an index can hold, so that only the rows of the page are read (`trace_prefix`).
  const found = oneOf.map(
    (one) => `(select t.started_at, t.trace_key from trace t where ${[...conditions, one].join(' and ')} ${newest})`,
  );
  const { rows } = await pool.query<TraceRow>(
    `select ${TRACE_COLUMNS} from (select t.trace_key from (${found.join(' union all ')}) t ${newest}) chosen
     join trace t on t.trace_key = chosen.trace_key order by t.started_at desc, t.trace_key`,
    params.values,
  );
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  const lines = filter.includeLine ? await readLines(pool, page) : null;
  return {
    traces: page.map((row) => {
      const line = lines?.get(row.trace_key);
      return { ...toSummary(row, context), ...(line === undefined ? {} : { line }) };
    }),
    nextCursor: last === undefined ? null : writeCursor('traces', [last.started_us, last.trace_key]),
    singlesFolded:
      filter.singles === 'fold' ? await countFolded(pool, workspaceId, filter, { ...context, ids }, last) : 0,
  };
}

/**
 * Which traces a list shows. Both forms of "no single" mean the same, and PostgreSQL plans them apart: it joins by the
 * one, and takes the other for a filter dearer than the row. Joined, a begin is always found by its own index, but the
 * rare type of another list by going down all that began.
 */
function shownSingles({ singles, q = '' }: TraceFilter): string {
  if (singles === 'all') return 'true';
  if (singles === 'only') return SINGLE;
  return q.length < 3 ? `not (${SINGLE})` : ACCOMPANIED;
}

function afterCursor(cursor: string, params: Parameters): string {
  const [at, key] = readCursor('traces', cursor, [CURSOR_MICROS, CURSOR_UUID]);
  const time = timeSql(params.add(at));
  return `t.started_at <= ${time} and (t.started_at < ${time} or t.trace_key > ${params.add(key)}::uuid)`;
}

/** Reads no more than the page's own query passed over. */
async function countFolded(
  pool: Pool,
  workspaceId: number,
  filter: TraceFilter,
  context: SummaryContext & { readonly ids: FilterIds },
  last: TraceRow | undefined,
): Promise<number> {
  const params = new Parameters();
  const { all, oneOf } = traceConditions(filter, { workspaceId, ...context }, params);
  const conditions = [...all, SINGLE];
  if (filter.cursor !== undefined) conditions.push(afterCursor(filter.cursor, params));
  if (last !== undefined) {
    const time = timeSql(params.add(last.started_us));
    conditions.push(`t.started_at >= ${time}`);
    conditions.push(`(t.started_at > ${time} or t.trace_key < ${params.add(last.trace_key)}::uuid)`);
  }
  const counts = oneOf.map((one) => `(select count(*) from trace t where ${[...conditions, one].join(' and ')})`);
  const { rows } = await pool.query<{ folded: number }>(`select (${counts.join(' + ')})::int as folded`, params.values);
  return rows[0]?.folded ?? 0;
}
