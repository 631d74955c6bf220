import type { DeadLetterRecordWire } from '../../model/dead-letter-wire.ts';
import type { DeadLetterFilter } from '../../ports/dead-letters.ts';
import { prepared } from '../prepared.ts';
import { CURSOR_INT, CURSOR_MICROS, CURSOR_OFFSET, readCursor, writeCursor } from '../read/cursor.ts';
import { Parameters } from '../read/parameters.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { groupConditions } from './letter-filter.ts';
import { LETTER_COLUMNS, LETTER_JOINS, type LetterRow, toLetterWires } from './letter-rows.ts';

/** A page of a queue's dead letters, newest first. */
export async function readLetters(
  client: Queryable,
  filter: DeadLetterFilter,
  context: { readonly incarnationIds: readonly number[]; readonly workspaceId: number },
): Promise<{ readonly records: readonly DeadLetterRecordWire[]; readonly nextCursor: string | null }> {
  const params = new Parameters();
  const conditions = [
    `d.incarnation_id = any(${params.add(context.incarnationIds)}::int[])`,
    `d.recorded_at >= ${timeSql(params.add(microsToSql(filter.from)))}`,
    `d.recorded_at < ${timeSql(params.add(microsToSql(filter.to)))}`,
  ];
  if (isNarrowed(filter)) {
    const wanted = groupConditions(filter, context, params).join(' and ');
    conditions.push(`d.group_key in (select g.key from dead_letter_group g where ${wanted})`);
  }
  if (filter.cursor !== undefined) {
    const place = readCursor('dead-letters', filter.cursor, [CURSOR_MICROS, CURSOR_INT, CURSOR_INT, CURSOR_OFFSET]);
    const [at, incarnation, partition, offset] = place.map((text) => params.add(text));
    conditions.push(`(d.recorded_at, d.incarnation_id, d.partition, d."offset")
      < (${timeSql(at ?? '')}, ${incarnation}::int, ${partition}::int, ${offset}::bigint)`);
  }
  const order = 'd.recorded_at desc, d.incarnation_id desc, d.partition desc, d."offset" desc';
  const { rows } = await client.query<LetterRow>(
    `select ${LETTER_COLUMNS}
     from (select * from dead_letter d where ${conditions.join(' and ')}
       order by ${order} limit ${params.add(filter.limit + 1)}) d ${LETTER_JOINS}
     order by ${order}`,
    params.values,
  );
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    records: await toLetterWires(client, page),
    nextCursor:
      last === undefined
        ? null
        : writeCursor('dead-letters', [last.recorded_us, `${last.incarnation_id}`, `${last.partition}`, last.offset]),
  };
}

function isNarrowed({ reason, errorClass, originalTopic, service, eventType, without }: DeadLetterFilter): boolean {
  return [reason, errorClass, originalTopic, service, eventType, without].some((each) => each !== undefined);
}

/**
 * Dead letters of a trace's events, also those of another correlation id; at most 100, the oldest first. In a transaction that
 * begins with `BEGIN.prepared`.
 */
export async function readTraceLetters(client: Queryable, traceKey: string): Promise<readonly DeadLetterRecordWire[]> {
  const { rows } = await client.query<LetterRow>({ ...OF_TRACE, values: [traceKey] });
  return rows.length === 0 ? [] : toLetterWires(client, rows);
}

const MOST_OF_TRACE = 100;

const OF_TRACE = prepared(`
  select ${LETTER_COLUMNS} from (
    select * from dead_letter where trace_key = $1::uuid
    union all
    select d.* from foreign_letter f join dead_letter d on d.stored_day = f.stored_day
      and d.incarnation_id = f.incarnation_id and d.partition = f.partition and d."offset" = f."offset"
    where f.trace_key = $1::uuid
    order by recorded_at, incarnation_id, partition, "offset" limit ${MOST_OF_TRACE}
  ) d ${LETTER_JOINS}
  order by d.recorded_at, d.incarnation_id, d.partition, d."offset"`);
