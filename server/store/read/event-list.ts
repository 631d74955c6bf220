import type { Pool } from 'pg';
import { REASONS, reasonFromCode } from '../../model/reason.ts';
import { recordId } from '../../model/record.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { EventSummary } from '../../model/wire.ts';
import type { EventFilter } from '../../ports/reads.ts';
import { ROW_BITS } from '../codes.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
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

/**
 * One page of events, newest first by the clock asked for. No index on events gives this order: the counts do. They say,
 * minute by minute of either clock, how many events a filter lets through, so the newest minutes that hold a page are
 * known, and only those are read.
 */
export async function readEventList(
  pool: Pool,
  workspaceId: number,
  filter: EventFilter,
): Promise<{ readonly events: readonly EventSummary[]; readonly nextCursor: string | null }> {
  const params = new Parameters();
  const clock = filter.clock === 'stored' ? 'e.stored_at' : 'e.occurred_at';
  const order = `${clock} desc, e.incarnation_id, e.partition, e."offset"`;
  const place = filter.cursor === undefined ? null : readCursor(filter.clock, filter.cursor, CURSOR_SHAPE);
  const limit = params.add(filter.limit + 1);
  const minutes = minutesSql(filter, workspaceId, place, limit, params);
  const conditions = [
    ...filterConditions('e', filter, workspaceId, params),
    ...rangeConditions(filter, clock, params),
    ...(place === null ? [] : [afterPlace(place, clock, params)]),
  ];
  const { rows } = await pool.query<EventListRow>(
    `with minutes as materialized (${minutes})
     select c.kafka_id as cluster, i.topic, i.n, e.incarnation_id, e.partition, e."offset", t.label as event_type,
       s.label as service, ${microsSql('e.occurred_at')} as occurred_us, ${microsSql('e.stored_at')} as stored_us,
       ${microsSql(clock)} as clock_us, nullif(e.reason, 0) as reason, e.trace_key::text
     from (select e.* from minutes m cross join lateral (
         select * from event e
         where e.stored_day = (m.stored at time zone 'utc')::date
           and e.stored_at >= m.stored and e.stored_at < m.stored + interval '1 minute'
           and e.occurred_at >= m.occurred_from and e.occurred_at < m.occurred_to and ${conditions.join(' and ')}
         order by ${order} limit ${limit}) e
       order by ${order} limit ${limit}) e
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

const CURSOR_SHAPE = [CURSOR_MICROS, CURSOR_INT, CURSOR_INT, CURSOR_OFFSET];

/**
 * The newest minutes whose counts make up a page. What lies in the minute in which the page begins is not counted: some
 * of it may be on the page before, or past `to`.
 */
function minutesSql(
  filter: EventFilter,
  workspaceId: number,
  place: readonly string[] | null,
  limit: string,
  params: Parameters,
): string {
  const minute = filter.clock === 'stored' ? 'c.stored_minute' : 'c.occurred_minute';
  const begins = [
    ...(filter.to === undefined ? [] : [timeSql(params.add(microsToSql(filter.to)))]),
    ...(place === null ? [] : [timeSql(params.add(place[0]))]),
  ];
  const begin = begins.length === 0 ? `timestamptz 'infinity'` : `least(${begins.join(', ')})`;
  const conditions = filterConditions('c', filter, workspaceId, params);
  conditions.push(`${minute} <= ${begin}`);
  if (filter.from !== undefined) {
    conditions.push(`${minute} > ${timeSql(params.add(microsToSql(filter.from)))} - interval '1 minute'`);
  }
  const occurred =
    filter.clock === 'stored'
      ? `timestamptz '-infinity' as occurred_from, timestamptz 'infinity' as occurred_to`
      : `c.occurred_minute as occurred_from, c.occurred_minute + interval '1 minute' as occurred_to`;
  const counts = `${filter.dialect === undefined ? 'ingest_count' : 'dialect_count'} c where ${conditions.join(' and ')}`;
  // The first minute before which the newer ones fill the page; the scan ends there.
  const enough = `select minute from (
      select ${minute} as minute, coalesce(sum(
        case when ${minute} > ${begin} - interval '1 minute' then 0 else c.records end)
        over (order by ${minute} desc groups between unbounded preceding and 1 preceding), 0) as newer
      from ${counts}
    ) counted where newer >= ${limit} limit 1`;
  // The counts of dialects know of no other filter, so that no number of them promises a page.
  const least = isCounted(filter) ? `coalesce((${enough}), timestamptz '-infinity')` : `timestamptz '-infinity'`;
  return `select distinct c.stored_minute as stored, ${occurred} from ${counts} and ${minute} > ${least}`;
}

/** True when one table of counts says how many events the filter lets through. */
function isCounted({ dialect, topic, type, service, has, reason }: EventFilter): boolean {
  return dialect === undefined || [topic, type, service, has, reason].every((each) => each === undefined);
}

/** What the filter asks of an event, or of the counts of events. */
function filterConditions(alias: 'e' | 'c', filter: EventFilter, workspaceId: number, params: Parameters): string[] {
  const workspace = params.add(workspaceId);
  if (filter.dialect !== undefined) {
    const dialect = nameId(workspace, 'dialect', filter.dialect, params);
    if (alias === 'c') return [`c.dialect_id = ${dialect}`];
    return [
      `e.resolution_id = any(array(select id from resolution where dialect_id = ${dialect}))`,
      ...filterConditions('e', withoutDialect(filter), workspaceId, params),
    ];
  }
  const own =
    alias === 'c'
      ? `c.workspace_id = ${workspace}`
      : `e.incarnation_id in (select id from incarnation where workspace_id = ${workspace})`;
  const conditions = [own];
  if (filter.topic !== undefined) {
    const topic = params.add(storableText(filter.topic, 256));
    conditions.push(`${alias}.incarnation_id = any(array(
      select id from incarnation where workspace_id = ${workspace} and topic = ${topic}))`);
  }
  if (filter.type !== undefined) {
    conditions.push(`${alias}.type_id = ${nameId(workspace, 'event type', filter.type, params)}`);
  }
  if (filter.service !== undefined) {
    conditions.push(`${alias}.service_id = ${nameId(workspace, 'service', filter.service, params)}`);
  }
  if (filter.has === 'violation') {
    const status = alias === 'c' ? 'c.schema_status' : `e.flags / ${ROW_BITS.schemaStatus} & 3`;
    conditions.push(`${status} in (${VIOLATING_CODES.join(', ')})`);
  } else if (filter.has !== undefined) {
    const codes = params.add(filter.has === 'undecodable' ? UNDECODABLE_CODES : UNCORRELATED_CODES);
    conditions.push(`${alias}.reason <> 0 and ${alias}.reason = any(${codes}::smallint[])`);
  }
  if (filter.reason !== undefined) {
    conditions.push(`${alias}.reason <> 0 and ${alias}.reason = ${params.add(REASONS[filter.reason])}`);
  }
  return conditions;
}

function withoutDialect({ dialect: _, ...filter }: EventFilter): EventFilter {
  return filter;
}

function rangeConditions(filter: EventFilter, clock: string, params: Parameters): string[] {
  const conditions: string[] = [];
  if (filter.from !== undefined) conditions.push(`${clock} >= ${timeSql(params.add(microsToSql(filter.from)))}`);
  if (filter.to !== undefined) conditions.push(`${clock} < ${timeSql(params.add(microsToSql(filter.to)))}`);
  return conditions;
}

function afterPlace([at, ...place]: readonly string[], clock: string, params: Parameters): string {
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
