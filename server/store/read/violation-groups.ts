import type { Ownership } from '../../model/ownership.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import { foldedPath } from '../../model/violation-group.ts';
import type { GroupState, ViolationGroup } from '../../model/violation-wire.ts';
import type { ViolationFilter } from '../../ports/violations.ts';
import { microsFromSql, microsSql, microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';
import { LONGEST } from '../write/violation-groups.ts';
import { readSchemaNames } from './event-schemas.ts';
import { whoseIs } from './owners.ts';
import { Parameters } from './parameters.ts';
import { readSchemaSince } from './schema-since.ts';
import { nameId } from './trace-conditions.ts';

/** Groups of one answer, and those looked at for it: the ones with most events. */
const MOST_GROUPS = 200;
const MOST_LOOKED_AT = 500;
/** Steps of a trend, at most. */
const MOST_STEPS = 60;
const MINUTE_US = 60_000_000;

export interface GroupContext {
  readonly workspaceId: number;
  readonly ownership: Ownership;
  readonly nowUs: Micros;
  /** All events of a type and a service in the range; 0 for those without a service. */
  readonly eventsOf: (typeId: number, serviceId: number) => number;
}

interface GroupRow {
  readonly key: string;
  readonly type_id: number;
  readonly service_id: number;
  readonly event_type: string;
  readonly service: string | null;
  readonly path: string;
  readonly rule: string;
  readonly topic: string;
  readonly sentence: string;
  readonly schema_id: number;
  /** Of its first event. */
  readonly first_schema_id: number;
  readonly count: number;
  readonly first_us: string;
  readonly last_us: string;
  readonly state: GroupState;
  readonly since_us: string | null;
  readonly muted_us: string | null;
  readonly note: string | null;
}

/** The steps of a range: whole minutes, counted by the minute in which an event occurred. */
export function stepsOf({ from, to }: Pick<ViolationFilter, 'from' | 'to'>): {
  readonly from: Micros;
  readonly stepUs: number;
  readonly steps: number;
} {
  const begin = minuteOf(from);
  const minutes = Math.max(1, Math.ceil((to - begin) / MINUTE_US));
  const stepUs = Math.ceil(minutes / MOST_STEPS) * MINUTE_US;
  return { from: begin, stepUs, steps: Math.ceil((minutes * MINUTE_US) / stepUs) };
}

/** What groups of the log a filter asks for, as conditions on `g`. */
export function groupConditions(filter: ViolationFilter, workspaceId: number, params: Parameters): string[] {
  const workspace = params.add(workspaceId);
  const conditions = [`g.workspace_id = ${workspace}`];
  const { eventType, service, path, rule, group } = filter;
  if (eventType !== undefined) conditions.push(`g.type_id = ${nameId(workspace, 'event type', eventType, params)}`);
  if (service !== undefined) conditions.push(`g.service_id = ${nameId(workspace, 'service', service, params)}`);
  if (path !== undefined) conditions.push(`g.path = ${params.add(foldedPath(storableText(path, LONGEST.path)))}`);
  if (rule !== undefined) conditions.push(`g.rule = ${params.add(storableText(rule, LONGEST.rule))}`);
  if (group !== undefined) conditions.push(`g.key = ${params.add(group)}::uuid`);
  return conditions;
}

/** The groups with events in a range: those with most first, and what is put aside last. */
export async function readViolationGroups(
  client: Queryable,
  filter: ViolationFilter,
  context: GroupContext,
): Promise<{ readonly groups: readonly ViolationGroup[]; readonly more: boolean }> {
  const params = new Parameters();
  const now = timeSql(params.add(microsToSql(context.nowUs)));
  const from = timeSql(params.add(microsToSql(minuteOf(filter.from))));
  const to = timeSql(params.add(microsToSql(filter.to)));
  const conditions = groupConditions(filter, context.workspaceId, params);
  const state = filter.state === undefined ? 'true' : `state = ${params.add(filter.state)}`;
  const { rows } = await client.query<GroupRow>(
    `with counted as (
       select g.key, g.type_id, g.service_id, g.path, g.rule, c.n from (
         select group_key, sum(records)::float8 as n from violation_count
         where occurred_minute >= ${from} and occurred_minute < ${to} group by group_key having sum(records) > 0
       ) c join violation_group g on g.key = c.group_key
       where ${conditions.join(' and ')} order by c.n desc, g.key limit ${MOST_LOOKED_AT}
     ), told as (
       select c.*, newest.*, first.occurred_at as first_at, first.schema_id as first_schema_id, s.note,
         case when s.muted_until > ${now} then 'muted'
           when s.state = 'resolved' and ${CAME_AFTER} then 'back'
           else coalesce(s.state, 'new') end as state,
         case when s.muted_until > ${now} then s.muted_since when s.state <> 'new' then s.since end as since,
         case when s.muted_until > ${now} and s.muted_until < 'infinity' then s.muted_until end as muted_until
       from counted c
       cross join lateral (select occurred_at, incarnation_id, sentence, schema_id from violation v
         where v.group_key = c.key and v.counts order by occurred_at desc limit 1) newest
       cross join lateral (select occurred_at, schema_id from violation v
         where v.group_key = c.key and v.counts order by occurred_at limit 1) first
       left join violation_state s on s.group_key = c.key
     )
     select t.key::text, t.type_id, t.service_id, y.label as event_type, v.label as service, t.path, t.rule, i.topic,
       t.sentence, t.schema_id, t.first_schema_id, t.n as count, ${microsSql('t.first_at')} as first_us,
       ${microsSql('t.occurred_at')} as last_us, t.state, ${microsSql('t.since')} as since_us,
       ${microsSql('t.muted_until')} as muted_us, t.note
     from told t join name y on y.id = t.type_id left join name v on v.id = t.service_id
     join incarnation i on i.id = t.incarnation_id
     where ${state} order by t.state in ('muted', 'resolved'), t.n desc, t.key limit ${MOST_GROUPS + 1}`,
    params.values,
  );
  const page = rows.slice(0, MOST_GROUPS);
  const schemas = await readSchemaNames(
    client,
    page.map(({ schema_id }) => schema_id),
  );
  const sinceOf = await readSchemaSince(
    client,
    page.filter(({ schema_id, first_schema_id }) => schema_id === first_schema_id).map(({ schema_id }) => schema_id),
  );
  const trendOf = await readTrends(client, filter, page);
  return {
    more: rows.length > MOST_GROUPS,
    groups: page.map((row) => {
      const all = context.eventsOf(row.type_id, row.service_id);
      return {
        key: row.key.replaceAll('-', ''),
        ...{ event_type: row.event_type, topic: row.topic, service: row.service },
        whose: whoseIs(context.ownership, { service: row.service, topic: row.topic }),
        schema: schemas.get(row.schema_id) ?? null,
        schema_since: row.schema_id === row.first_schema_id ? instantOf(sinceOf.get(row.schema_id)) : null,
        ...{ path: row.path, rule: row.rule, sentence: row.sentence, count: row.count },
        share: all === 0 ? null : Math.min(1, row.count / all),
        first_seen: timeText(row.first_us),
        last_seen: timeText(row.last_us),
        trend: trendOf(row.key),
        state: row.state,
        state_since: row.since_us === null ? null : timeText(row.since_us),
        muted_until: row.muted_us === null ? null : timeText(row.muted_us),
        note: row.note,
      };
    }),
  };
}

/** By when they were stored: an old event that comes late is news, and a clock that a producer sets decides nothing. */
const CAME_AFTER = `exists (select from violation v where v.group_key = c.key and v.counts
  and v.stored_at > s.since and v.stored_day >= (s.since at time zone 'utc')::date)`;

function instantOf(at: Micros | undefined): string | null {
  return at === undefined ? null : microsToRfc3339(at);
}

/** RFC 3339 of a bigint column of microseconds. */
export function timeText(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}

async function readTrends(
  client: Queryable,
  filter: ViolationFilter,
  groups: readonly GroupRow[],
): Promise<(key: string) => readonly number[]> {
  const { from, stepUs, steps } = stepsOf(filter);
  const trends = new Map(groups.map(({ key }) => [key, new Array<number>(steps).fill(0)]));
  if (groups.length === 0) return () => [];
  const { rows } = await client.query<{ key: string; step: number; n: number }>(TRENDS, [
    [...trends.keys()],
    microsToSql(from),
    microsToSql(micros(filter.to)),
    stepUs,
  ]);
  for (const { key, step, n } of rows) {
    const trend = trends.get(key);
    if (trend !== undefined && step >= 0 && step < steps) trend[step] = n;
  }
  return (key) => trends.get(key) ?? [];
}

const TRENDS = `
  select group_key::text as key, ((${microsSql('occurred_minute')} - $2::bigint) / $4::bigint)::int as step,
    sum(records)::float8 as n
  from violation_count
  where group_key = any($1::uuid[]) and occurred_minute >= ${timeSql('$2')} and occurred_minute < ${timeSql('$3')}
  group by 1, 2`;
