import type { DeadLetterDimension } from '../../model/dead-letter.ts';
import type { DeadLetterGroupWire } from '../../model/dead-letter-wire.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import { traceKeyToHex } from '../../model/trace-key.ts';
import type { DeadLetterFilter } from '../../ports/dead-letters.ts';
import { Parameters } from '../read/parameters.ts';
import { stepsOf } from '../read/violation-groups.ts';
import { microsSql, microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { groupConditions } from './letter-filter.ts';
import { reasonTarget } from './mark-targets.ts';
import { type MarkOf, readMarks } from './marks.ts';

/** Groups of one answer; those that are stored and looked at for it, the ones with most dead letters; and texts of one kind. */
const MOST_GROUPS = 200;
const MOST_LOOKED_AT = 1_000;
const MOST_TEXTS = 5;

interface GroupRow {
  readonly key: string;
  readonly incarnation_id: number;
  readonly reason_key: string;
  readonly fingerprint: string;
  readonly error_class: string;
  readonly original_topic: string;
  readonly event_type: string;
  readonly service: string | null;
  readonly n: number;
  readonly first_us: string | null;
  readonly last_us: string | null;
  readonly newest_reason: string | null;
}

interface Gathered {
  readonly key: string | null;
  readonly value: string | null;
  readonly rows: GroupRow[];
}

export interface LetterGroups {
  readonly groups: readonly DeadLetterGroupWire[];
  readonly more: boolean;
}

/** The dead letters of a range in groups by one dimension: those with most first, resolved ones last. */
export async function readLetterGroups(
  client: Queryable,
  filter: DeadLetterFilter,
  context: { readonly incarnationIds: readonly number[]; readonly workspaceId: number },
): Promise<LetterGroups> {
  const rows = await readRows(client, filter, context);
  const gathered = gather(rows.slice(0, MOST_LOOKED_AT), filter.groupBy);
  const page = gathered.slice(0, MOST_GROUPS);
  const trendOf = await readTrends(
    client,
    filter,
    page.flatMap((group) => group.rows.map(({ key }) => key)),
  );
  const reasons = filter.groupBy === 'reason' ? page.flatMap((group) => group.rows.map((row) => row.reason_key)) : [];
  const markOf = await readMarks(client, context.incarnationIds, [...new Set(reasons)].map(reasonTarget));
  const groups = page.map((group) => toWire(group, trendOf, filter.groupBy === 'reason' ? markOf : () => null));
  const isAside = ({ mark }: DeadLetterGroupWire) => (mark?.state === 'resolved' ? 1 : 0);
  return {
    groups: [...groups].sort((a, b) => isAside(a) - isAside(b)),
    more: gathered.length > MOST_GROUPS || rows.length > MOST_LOOKED_AT,
  };
}

async function readRows(
  client: Queryable,
  filter: DeadLetterFilter,
  context: { readonly incarnationIds: readonly number[]; readonly workspaceId: number },
): Promise<readonly GroupRow[]> {
  const params = new Parameters();
  const conditions = groupConditions(filter, context, params);
  const [from, to] = [timeSql(params.add(microsToSql(filter.from))), timeSql(params.add(microsToSql(filter.to)))];
  const begin = timeSql(params.add(microsToSql(minuteOf(filter.from))));
  const within = `d.group_key = c.key and d.recorded_at >= ${from} and d.recorded_at < ${to}`;
  const { rows } = await client.query<GroupRow>(
    `with counted as (
       select g.*, c.n from dead_letter_group g
       join lateral (select sum(records)::float8 as n from dead_letter_count c where c.group_key = g.key
         and c.minute >= ${begin} and c.minute < ${to} having sum(records) > 0) c on true
       where ${conditions.join(' and ')} order by c.n desc, g.key limit ${MOST_LOOKED_AT + 1}
     )
     select c.key::text, c.incarnation_id, c.reason_key::text, c.fingerprint, c.error_class, c.original_topic,
       y.label as event_type, s.label as service, c.n, ${microsSql('oldest.recorded_at')} as first_us,
       ${microsSql('newest.recorded_at')} as last_us, newest.reason as newest_reason
     from counted c join name y on y.id = c.type_id left join name s on s.id = c.service_id
     left join lateral (select recorded_at, reason from dead_letter d where ${within}
       order by recorded_at desc limit 1) newest on true
     left join lateral (select recorded_at from dead_letter d where ${within} order by recorded_at limit 1) oldest on true
     order by c.n desc, c.key`,
    params.values,
  );
  return rows;
}

const VALUES: Readonly<Record<DeadLetterDimension, (row: GroupRow) => string | null>> = {
  reason: ({ fingerprint }) => fingerprint || null,
  error_class: (row) => row.error_class || null,
  original_topic: (row) => row.original_topic || null,
  service: ({ service }) => service,
  event_type: (row) => row.event_type,
};

function gather(rows: readonly GroupRow[], dimension: DeadLetterDimension): Gathered[] {
  const byValue = new Map<string | null, Gathered>();
  for (const row of rows) {
    const value = VALUES[dimension](row);
    const known = byValue.get(value);
    if (known !== undefined) known.rows.push(row);
    else
      byValue.set(value, { key: dimension === 'reason' ? traceKeyToHex(row.reason_key) : value, value, rows: [row] });
  }
  return [...byValue.values()].sort((a, b) => countOf(b.rows) - countOf(a.rows));
}

function countOf(rows: readonly GroupRow[]): number {
  return rows.reduce((all, { n }) => all + n, 0);
}

function toWire({ key, value, rows }: Gathered, trendOf: TrendOf, markOf: MarkOf): DeadLetterGroupWire {
  const times = (of: (row: GroupRow) => string | null) =>
    rows.flatMap((row) => (of(row) === null ? [] : [Number(of(row))]));
  const first = micros(Math.min(...times((row) => row.first_us), Number.MAX_SAFE_INTEGER));
  const lasts = times((row) => row.last_us);
  const last = micros(Math.max(...lasts, first === Number.MAX_SAFE_INTEGER ? 0 : first));
  const newest = rows.find((row) => row.last_us !== null && Number(row.last_us) === last) ?? rows[0];
  const marks = rows.flatMap((row) => markOf(row.incarnation_id, reasonTarget(row.reason_key)) ?? []);
  return {
    ...{ key, value, count: countOf(rows) },
    first_seen: timeText(first, last),
    last_seen: microsToRfc3339(last),
    trend: trendOf(rows),
    newest_reason: newest?.newest_reason ?? null,
    error_classes: mostOf(rows, VALUES.error_class),
    original_topics: mostOf(rows, VALUES.original_topic),
    services: mostOf(rows, VALUES.service),
    event_types: mostOf(rows, VALUES.event_type),
    mark: marks[0] ?? null,
  };
}

/** Counts may tell of dead letters whose rows are of the minute's other part: then one time stands for both. */
function timeText(first: Micros, last: Micros): string {
  return microsToRfc3339(first === Number.MAX_SAFE_INTEGER ? last : first);
}

function mostOf(rows: readonly GroupRow[], of: (row: GroupRow) => string | null): string[] {
  return [...new Set(rows.map(of))].filter((text) => text !== null).slice(0, MOST_TEXTS);
}

type TrendOf = (rows: readonly GroupRow[]) => readonly number[];

async function readTrends(client: Queryable, filter: DeadLetterFilter, keys: readonly string[]): Promise<TrendOf> {
  const { from, stepUs, steps } = stepsOf(filter);
  const { rows } = await client.query<{ key: string; step: number; n: number }>(TRENDS, [
    keys,
    ...[microsToSql(from), microsToSql(micros(filter.to)), stepUs],
  ]);
  const byKey = new Map<string, Map<number, number>>();
  for (const { key, step, n } of rows) {
    const trend = byKey.get(key) ?? new Map<number, number>();
    byKey.set(key, trend.set(step, n));
  }
  return (groups) =>
    Array.from({ length: steps }, (_, step) =>
      groups.reduce((all, { key }) => all + (byKey.get(key)?.get(step) ?? 0), 0),
    );
}

const TRENDS = `
  select group_key::text as key, ((${microsSql('minute')} - $2::bigint) / $4::bigint)::int as step, sum(records)::float8 as n
  from dead_letter_count
  where group_key = any($1::uuid[]) and minute >= ${timeSql('$2')} and minute < ${timeSql('$3')} group by 1, 2`;
