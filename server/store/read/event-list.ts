import type { Pool } from 'pg';
import { reasonFromCode } from '../../model/reason.ts';
import { recordId } from '../../model/record.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { EventSummary } from '../../model/wire.ts';
import type { EventFilter } from '../../ports/reads.ts';
import { dayOf, microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { CURSOR_INT, CURSOR_MICROS, CURSOR_OFFSET, readCursor, writeCursor } from './cursor.ts';
import { Parameters } from './parameters.ts';
import { UNCORRELATED_CODES, UNDECODABLE_CODES } from './totals.ts';
import { nameId } from './trace-conditions.ts';

interface EventListRow {
  cluster: string;
  topic: string;
  n: number;
  incarnation_id: number;
  partition: number;
  offset: string;
  event_type: string;
  service: string | null;
  occurred_us: string;
  stored_us: string;
  clock_us: string;
  reason: number | null;
  trace_key: string;
}

/** One page of events, newest first by the clock asked for. */
export async function readEventList(
  pool: Pool,
  workspaceId: number,
  filter: EventFilter,
): Promise<{ readonly events: readonly EventSummary[]; readonly nextCursor: string | null }> {
  const params = new Parameters();
  const clock = filter.clock === 'stored' ? 'e.stored_at' : 'e.occurred_at';
  const order = `${clock} desc, e.incarnation_id, e.partition, e."offset"`;
  const conditions = eventConditions(filter, workspaceId, clock, params);
  const { rows } = await pool.query<EventListRow>(
    `select c.kafka_id as cluster, i.topic, i.n, e.incarnation_id, e.partition, e."offset", t.label as event_type,
       s.label as service, ${microsSql('e.occurred_at')} as occurred_us, ${microsSql('e.stored_at')} as stored_us,
       ${microsSql(clock)} as clock_us, nullif(e.reason, 0) as reason, e.trace_key::text
     from (select * from event e where ${conditions.join(' and ')} order by ${order}
       limit ${params.add(filter.limit + 1)}) e
     join incarnation i on i.id = e.incarnation_id join cluster c on c.id = i.cluster_id
     join name t on t.id = e.type_id left join name s on s.id = e.service_id
     order by ${order}`,
    params.values,
  );
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    events: page.map(toEventSummary),
    nextCursor:
      last === undefined
        ? null
        : writeCursor(filter.clock, [last.clock_us, `${last.incarnation_id}`, `${last.partition}`, last.offset]),
  };
}

function eventConditions(filter: EventFilter, workspaceId: number, clock: string, params: Parameters): string[] {
  const workspace = params.add(workspaceId);
  const conditions = [`e.incarnation_id in (select id from incarnation where workspace_id = ${workspace})`];
  if (filter.topic !== undefined) {
    const topic = params.add(storableText(filter.topic, 256));
    conditions.push(
      `e.incarnation_id = any(array(select id from incarnation where workspace_id = ${workspace} and topic = ${topic}))`,
    );
  }
  if (filter.type !== undefined) conditions.push(`e.type_id = ${nameId(workspace, 'event type', filter.type, params)}`);
  if (filter.service !== undefined) {
    conditions.push(`e.service_id = ${nameId(workspace, 'service', filter.service, params)}`);
  }
  conditions.push(...rangeConditions(filter, clock, params));
  if (filter.has !== undefined) {
    const codes = params.add(filter.has === 'undecodable' ? UNDECODABLE_CODES : UNCORRELATED_CODES);
    conditions.push(`e.reason <> 0 and e.reason = any(${codes}::smallint[])`);
  }
  if (filter.cursor !== undefined) conditions.push(afterCursor(filter.cursor, filter.clock, clock, params));
  return conditions;
}

/** By the stored clock the days that are searched follow from the range. */
function rangeConditions(filter: EventFilter, clock: string, params: Parameters): string[] {
  const conditions: string[] = [];
  if (filter.from !== undefined) {
    conditions.push(`${clock} >= ${timeSql(params.add(microsToSql(filter.from)))}`);
    if (filter.clock === 'stored') conditions.push(`e.stored_day >= ${params.add(dayOf(filter.from))}::date`);
  }
  if (filter.to !== undefined) {
    conditions.push(`${clock} < ${timeSql(params.add(microsToSql(filter.to)))}`);
    if (filter.clock === 'stored') conditions.push(`e.stored_day <= ${params.add(dayOf(filter.to))}::date`);
  }
  return conditions;
}

function afterCursor(cursor: string, list: string, clock: string, params: Parameters): string {
  const shape = [CURSOR_MICROS, CURSOR_INT, CURSOR_INT, CURSOR_OFFSET];
  const [at, ...place] = readCursor(list, cursor, shape);
  const time = timeSql(params.add(at));
  return `${clock} <= ${time} and (${clock} < ${time} or
    (e.incarnation_id, e.partition, e."offset") > (${place.map((part) => params.add(part)).join(', ')}))`;
}

function toEventSummary(row: EventListRow): EventSummary {
  return {
    id: recordId({ id: row.incarnation_id, ...row }, row.partition, BigInt(row.offset)),
    topic: row.topic,
    partition: row.partition,
    offset: row.offset,
    event_type: row.event_type,
    service: row.service,
    occurred_at: microsToRfc3339(microsFromSql(row.occurred_us)),
    stored_at: microsToRfc3339(microsFromSql(row.stored_us)),
    reason: row.reason === null ? null : reasonFromCode(row.reason),
    trace_key: traceKeyToHex(row.trace_key),
  };
}
