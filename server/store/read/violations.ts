import type { Pool } from 'pg';
import type { Ownership } from '../../model/ownership.ts';
import { recordId } from '../../model/record.ts';
import { SCHEMA_STATUSES, schemaStatusFromCode } from '../../model/schema-check.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { SchemaStatus, ViolationEvent, ViolationList } from '../../model/violation-wire.ts';
import type { CheckedType, ViolationFilter } from '../../ports/violations.ts';
import { microsSql, microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { CURSOR_INT, CURSOR_MICROS, CURSOR_OFFSET, readCursor, writeCursor } from './cursor.ts';
import { readErrors } from './event-schemas.ts';
import { Parameters } from './parameters.ts';
import { groupConditions, readViolationGroups, stepsOf, timeText } from './violation-groups.ts';

interface EventRow {
  readonly stored_day: string;
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly event_type: string;
  readonly service: string | null;
  readonly event_key: string | null;
  readonly correlation_id: string | null;
  readonly trace_key: string;
  readonly occurred_us: string;
  readonly stored_us: string;
}

/** The violation log of a range: groups, and the events of one or of all, in one snapshot. */
export async function readViolations(
  pool: Pool,
  filter: ViolationFilter,
  context: { readonly workspaceId: number; readonly ownership: Ownership; readonly nowUs: Micros },
): Promise<Omit<ViolationList, 'as_of' | 'coverage'>> {
  return inTransaction(
    pool,
    async (client) => {
      const { counts, eventsOf } = await readOutcomes(client, filter, context.workspaceId);
      const { groups, more } = await readViolationGroups(client, filter, { ...context, eventsOf });
      const { violations, nextCursor } = await readViolationEvents(client, filter, context.workspaceId);
      return {
        from: microsToRfc3339(filter.from),
        to: microsToRfc3339(filter.to),
        step_s: stepsOf(filter).stepUs / 1e6,
        ...{ groups, more_groups: more, violations, next_cursor: nextCursor, counts },
      };
    },
    BEGIN.reading,
  );
}

/** A page of the events of the log, newest first. */
export async function readViolationEvents(
  client: Queryable,
  filter: Omit<ViolationFilter, 'state'>,
  workspaceId: number,
): Promise<{ readonly violations: readonly ViolationEvent[]; readonly nextCursor: string | null }> {
  const params = new Parameters();
  const conditions = [
    `v.occurred_at >= ${timeSql(params.add(microsToSql(filter.from)))}`,
    `v.occurred_at < ${timeSql(params.add(microsToSql(filter.to)))}`,
    ...ofGroups(filter, workspaceId, params),
  ];
  if (filter.cursor !== undefined) {
    const place = readCursor('violations', filter.cursor, [CURSOR_MICROS, CURSOR_INT, CURSOR_INT, CURSOR_OFFSET]);
    const [at, incarnation, partition, offset] = place.map((text) => params.add(text));
    conditions.push(`(v.occurred_at, v.incarnation_id, v.partition, v."offset")
      < (${timeSql(at ?? '')}, ${incarnation}::int, ${partition}::int, ${offset}::bigint)`);
  }
  const order = 'v.occurred_at desc, v.incarnation_id desc, v.partition desc, v."offset" desc';
  const { rows } = await client.query<EventRow>(
    `select v.stored_day::text, v.incarnation_id, v.partition, v."offset", c.kafka_id as cluster, i.topic, i.n,
       y.label as event_type, s.label as service, v.event_key::text, tr.id_text as correlation_id, v.trace_key::text,
       ${microsSql('v.occurred_at')} as occurred_us, ${microsSql('v.stored_at')} as stored_us
     from (select * from violation v where ${conditions.join(' and ')}
       order by ${order} limit ${params.add(filter.limit + 1)}) v
     join violation_group g on g.key = v.group_key
     join incarnation i on i.id = v.incarnation_id join cluster c on c.id = i.cluster_id
     join name y on y.id = g.type_id left join name s on s.id = g.service_id
     left join trace tr on tr.trace_key = v.trace_key and tr.id_kind = 1
     order by ${order}`,
    params.values,
  );
  const page = rows.slice(0, filter.limit);
  const errorsOf = await readErrors(client, page);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    violations: page.map((row) => ({
      id: recordId({ id: row.incarnation_id, ...row }, row.partition, BigInt(row.offset)),
      ...{ topic: row.topic, partition: row.partition, offset: row.offset },
      ...{ event_type: row.event_type, service: row.service },
      ...{ event_id: row.event_key, correlation_id: row.correlation_id },
      trace_key: traceKeyToHex(row.trace_key),
      occurred_at: timeText(row.occurred_us),
      stored_at: timeText(row.stored_us),
      errors: errorsOf(row).errors,
    })),
    nextCursor:
      last === undefined
        ? null
        : writeCursor('violations', [last.occurred_us, `${last.incarnation_id}`, `${last.partition}`, last.offset]),
  };
}

/** One row for each event that is in a group asked for. */
function ofGroups(filter: Omit<ViolationFilter, 'state'>, workspaceId: number, params: Parameters): string[] {
  const group = filter.group === undefined ? [] : [`v.group_key = ${params.add(filter.group)}::uuid and v.counts`];
  const { eventType, service, path, rule } = filter;
  if ([eventType, service, path, rule].every((each) => each === undefined)) {
    if (group.length > 0) return group;
    const own = `v.incarnation_id in (select id from incarnation where workspace_id = ${params.add(workspaceId)})`;
    return ['v.ordinal = 0', own];
  }
  const wanted = `select g.key from violation_group g where ${groupConditions(filter, workspaceId, params).join(' and ')}`;
  if (group.length > 0) return [...group, `v.group_key in (${wanted})`];
  return [
    'v.ordinal = 0',
    `exists (select from violation w where w.stored_day = v.stored_day and w.incarnation_id = v.incarnation_id
      and w.partition = v.partition and w."offset" = v."offset" and w.group_key in (${wanted}))`,
  ];
}

interface OutcomeRow {
  readonly type_id: number;
  readonly service_id: number;
  readonly status: number;
  readonly n: number;
}

/** What became of the events of a range: in all, and how many there were of each type and service. */
async function readOutcomes(client: Queryable, { from, to }: ViolationFilter, workspaceId: number) {
  const { rows } = await client.query<OutcomeRow>(OUTCOMES, [
    workspaceId,
    microsToSql(minuteOf(from)),
    microsToSql(to),
  ]);
  const counts: Record<SchemaStatus, number> = { ok: 0, violation: 0, unknown_reference: 0, unchecked: 0 };
  const events = new Map<string, number>();
  for (const { type_id, service_id, status, n } of rows) {
    counts[schemaStatusFromCode(status)] += n;
    const key = `${type_id}/${service_id}`;
    events.set(key, (events.get(key) ?? 0) + n);
  }
  const { ok, violation, unknown_reference, unchecked } = counts;
  return {
    counts: {
      ...{ ok: `${ok}`, violation: `${violation}` },
      ...{ unknown_reference: `${unknown_reference}`, unchecked: `${unchecked}` },
    },
    eventsOf: (typeId: number, serviceId: number) => events.get(`${typeId}/${serviceId}`) ?? 0,
  };
}

const OUTCOMES = `
  select type_id, service_id, schema_status as status, sum(records)::float8 as n from ingest_count
  where workspace_id = $1 and occurred_minute >= ${timeSql('$2')} and occurred_minute < ${timeSql('$3')}
  group by type_id, service_id, schema_status having sum(records) > 0`;

/** Event types that one answer tells of. */
const MOST_TYPES = 1_000;

/** How many events of each type on each topic fit their schemas in a range; those seen most first. */
export async function readCheckedTypes(
  client: Queryable,
  range: { readonly from: Micros; readonly to: Micros },
  workspaceId: number,
): Promise<readonly CheckedType[]> {
  const { rows } = await client.query<CheckedTypeRow>(TYPES, [
    workspaceId,
    microsToSql(minuteOf(range.from)),
    microsToSql(range.to),
  ]);
  return rows.map(({ event_type, ...row }) => ({ eventType: event_type, ...row }));
}

type CheckedTypeRow = Omit<CheckedType, 'eventType'> & { readonly event_type: string };

const { ok, violation, unknown_reference, unchecked } = SCHEMA_STATUSES;
const sumOf = (...codes: number[]) =>
  `coalesce(sum(records) filter (where schema_status in (${codes.join(', ')})), 0)::float8`;

const TYPES = `
  select y.label as event_type, i.topic, sum(records)::float8 as seen, ${sumOf(ok)} as ok,
    ${sumOf(violation, unknown_reference)} as violating, ${sumOf(unchecked)} as unchecked
  from ingest_count c join name y on y.id = c.type_id join incarnation i on i.id = c.incarnation_id
  where c.workspace_id = $1 and c.occurred_minute >= ${timeSql('$2')} and c.occurred_minute < ${timeSql('$3')}
  group by 1, 2 having sum(records) > 0 order by seen desc, 1, 2 limit ${MOST_TYPES}`;
