import { TERM_KINDS, type TermKind } from '../../model/event.ts';
import type { DeclaredFlow } from '../../model/flow.ts';
import { fieldTerm } from '../../model/search-field.ts';
import { foldId, idKey, traceKey } from '../../model/trace-key.ts';
import type { TraceFilter } from '../../ports/reads.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import { SAYS_FAILED, STILL_MISSING } from '../stalls/still-missing.ts';
import { ID_PREFIX_LIMIT, idPrefix, storableText } from '../storable-text.ts';
import { termValue } from '../term-value.ts';
import { type NameKind, nameDigest } from '../write/name-ids.ts';
import type { FilterIds } from './filter-ids.ts';
import type { Parameters } from './parameters.ts';

interface ConditionContext {
  readonly workspaceId: number;
  readonly flows: readonly DeclaredFlow[];
  readonly episodeGapMs: number;
  readonly nowMs: number;
  /** Names of the declared fields. */
  readonly fieldNames: readonly string[];
  /** The ids behind the filter's names. */
  readonly ids: FilterIds;
}

/** What a trace `t` has to be for a filter, singles and cursor apart. */
export interface TraceConditions {
  /** All of these. */
  readonly all: readonly string[];
  /** And one of these, of which no two hold for a trace: each is looked for by an index of its own. */
  readonly oneOf: readonly string[];
}

export function traceConditions(filter: TraceFilter, context: ConditionContext, params: Parameters): TraceConditions {
  const workspace = params.add(context.workspaceId);
  const conditions = [`t.workspace_id = ${workspace}`];
  for (const found of namedBy(filter, context, params)) conditions.push(`t.trace_key in (${found})`);
  if (filter.correlationId !== undefined) {
    const { correlationId: id } = filter;
    const keys = (['correlation', 'trace'] as const).map((kind) => traceKey(context.workspaceId, kind, id));
    conditions.push(`t.trace_key = any(${params.add(keys)}::uuid[])`);
  }
  const { typeId, serviceId, incarnationIds } = context.ids;
  if (typeId !== undefined) conditions.push(`t.type_ids @> array[${params.add(typeId)}::int]`);
  if (serviceId !== undefined) conditions.push(`t.service_ids @> array[${params.add(serviceId)}::int]`);
  if (incarnationIds !== undefined) conditions.push(`t.incarnation_ids && ${params.add(incarnationIds)}::int[]`);
  if (filter.from !== undefined) conditions.push(`t.started_at >= ${timeSql(params.add(microsToSql(filter.from)))}`);
  if (filter.to !== undefined) conditions.push(`t.started_at < ${timeSql(params.add(microsToSql(filter.to)))}`);
  if (filter.minDurationMs !== undefined) {
    const least = params.add(filter.minDurationMs);
    conditions.push(`t.ended_at - t.started_at >= ${least}::float8 * interval '1 millisecond'`);
  }
  if (filter.has === 'violation') conditions.push('t.violation_count > 0');
  if (filter.has === 'dead_letter') conditions.push('t.dead_letter_count > 0');
  const meant = filter.q === undefined || filter.q === '' ? ['true'] : anywhere(filter.q, context, params);
  const status = filter.status === undefined ? ['true'] : statusConditions(filter.status, workspace, context, params);
  return { all: conditions, oneOf: meant.flatMap((one) => status.map((other) => `${one} and ${other}`)) };
}

/** True for traces `t` of types that were seen with others. */
export const ACCOMPANIED = `exists (
  select from accompanied_type a where a.workspace_id = t.workspace_id and a.type_id = t.root_type_id)`;

/** True for traces of types that were only ever seen alone. */
export const SINGLE = `not ${ACCOMPANIED}`;

/** The id of a name, by the digest of the whole text; null when nothing ever had that name. */
export function nameId(workspace: string, kind: NameKind, text: string, params: Parameters): string {
  return `(select id from name where workspace_id = ${workspace} and kind = '${kind}'
    and digest = ${params.add(nameDigest(text))})`;
}

/** What stands in the index of terms or of event ids for the filters that name a trace by something of its events. */
function namedBy(filter: TraceFilter, { workspaceId }: ConditionContext, params: Parameters): string[] {
  const found: string[] = [];
  if (filter.eventId !== undefined) found.push(eventKeys(filter.eventId, params));
  if (filter.key !== undefined) found.push(termKeys('key', [foldId(filter.key)], params));
  if (filter.traceId !== undefined) found.push(traceIdKeys(filter.traceId, workspaceId, params));
  if (filter.field !== undefined) {
    found.push(termKeys('field', [fieldTerm(filter.field.name, foldId(filter.field.value))], params));
  }
  return found;
}

function eventKeys(eventId: string, params: Parameters): string {
  return `select trace_key from event where ${eventKeyIs(eventId, params)}`;
}

/** True for an `event` with this id, by the index of hashed ids. */
export function eventKeyIs(eventId: string, params: Parameters): string {
  const key = params.add(idKey(eventId));
  return `uuid_hash_extended(event_key, 0) = uuid_hash_extended(${key}::uuid, 0) and event_key = ${key}::uuid`;
}

function termKeys(kind: TermKind, values: readonly string[], params: Parameters): string {
  return `select trace_key from term
    where kind = ${params.add(TERM_KINDS[kind])} and value = any(${params.add(values.map(termValue))}::text[])`;
}

/** A trace of that id kind, and those of another whose events carry it. */
function traceIdKeys(text: string, workspaceId: number, params: Parameters): string {
  const id = traceIdText(text);
  const own = params.add(traceKey(workspaceId, 'trace', id));
  return `${termKeys('trace', [id], params)} union all select ${own}::uuid`;
}

/** The id of a tracing system as it is stored: 32 hexadecimal digits, of which the first may be left out. */
export function traceIdText(text: string): string {
  return text.toLowerCase().replaceAll('-', '').padStart(32, '0');
}

/** Traces that one text may mean are this many at most beside those whose id begins with it. */
const MOST_MEANT = 1_000;

/** A text of which nobody says what it is: the begin of an id, or the whole of something else that is indexed. */
function anywhere(q: string, context: ConditionContext, params: Parameters): string[] {
  const folded = foldId(q);
  const values = [folded, q.toLowerCase(), ...context.fieldNames.map((name) => fieldTerm(name, folded))];
  const terms = `select trace_key from term where value = any(${params.add(values.map(termValue))}::text[])`;
  const meant = `array((${eventKeys(q, params)} limit ${MOST_MEANT}) union (${terms} limit ${MOST_MEANT}))`;
  const begins = `(${prefixConditions(q, params).join(' and ')})`;
  return [begins, `t.trace_key = any(${meant}) and not ${begins}`];
}

/** True for a trace `t` whose id begins with a text, in any case. */
export function prefixConditions(q: string, params: Parameters): string[] {
  const prefix = idPrefix(foldId(q));
  const pattern = `${prefix.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const characters = [...prefix];
  const first = characters.slice(0, 2).join('');
  const conditions: string[] = [];
  // Of two characters this says all. The pattern beside it would say it again, and PostgreSQL would take what both find for
  // so few that it reads them all, rather than the newest by `trace_prefix_start`.
  if (characters.length >= 2) conditions.push(`left(t.id_prefix, 2) = ${params.add(first)}`);
  if (characters.length !== 2) conditions.push(`t.id_prefix like ${params.add(pattern)}`);
  if (q.length > ID_PREFIX_LIMIT) {
    conditions.push(`starts_with(lower(t.id_text), lower(${params.add(storableText(q, 1024))}))`);
  }
  return conditions;
}

/** The same rule as `statusOf` of trace-summary.ts, in SQL. */
function statusConditions(
  status: NonNullable<TraceFilter['status']>,
  workspace: string,
  { flows, nowMs, episodeGapMs }: ConditionContext,
  params: Parameters,
): string[] {
  const failed = hasOneOf(`select n.id from name n
    where n.workspace_id = ${workspace} and n.kind = 'event type' and ${SAYS_FAILED}`);
  if (status === 'failed') return [failed, `t.episode_dead_letter and not ${failed}`];
  const ended = flows.map((flow) => {
    const ends = `select id from name where workspace_id = ${workspace} and kind = 'event type'
      and digest = any(${params.add(flow.endsWith.map(nameDigest))}::bytea[])`;
    return `(t.root_type_id = ${nameId(workspace, 'event type', flow.startsWith, params)} and ${hasOneOf(ends)})`;
  });
  const done = ended.length === 0 ? 'false' : `coalesce(${ended.join(' or ')}, false)`;
  const hasFailed = `(t.episode_dead_letter or ${failed})`;
  if (status === 'done') return [`${done} and not ${hasFailed}`];
  const isOver = `(${done} or ${hasFailed})`;
  const stalls = `select from stall s where s.trace_key = t.trace_key and ${STILL_MISSING}`;
  if (status === 'stalled') {
    const named = `select s.trace_key from stall s where s.workspace_id = ${workspace}`;
    return [`t.trace_key in (${named}) and not ${isOver} and exists (${stalls})`];
  }
  const open = `not ${isOver} and not exists (${stalls})`;
  const gapUs = episodeGapMs * 1000;
  const after = timeSql(params.add(Math.round(nowMs * 1000 - gapUs)));
  const before = timeSql(params.add(Math.round(nowMs * 1000 + gapUs)));
  const isRecent = `t.ended_at > ${after} and t.ended_at < ${before}`;
  const behind = `select k.trace_key from episode_check k where k.workspace_id = ${workspace} and k.tap_behind`;
  if (status === 'running') return [`${isRecent} and ${open} and not exists (${behind} and k.trace_key = t.trace_key)`];
  return [
    // What ended before began before.
    `t.ended_at <= ${after} and t.started_at <= ${after} and ${open}`,
    `t.ended_at >= ${before} and ${open}`,
    `${isRecent} and ${open} and t.trace_key in (${behind})`,
  ];
}

/** SQL that is true of a `trace t` whose newest episode has one of these types; the index knows those of the whole. */
function hasOneOf(ids: string): string {
  return `(t.type_ids && array(${ids}) and coalesce(t.episode_type_ids, t.type_ids) && array(${ids}))`;
}
