import { TERM_KINDS } from '../../model/event.ts';
import { recordId } from '../../model/record.ts';
import { fieldTerm } from '../../model/search-field.ts';
import type { SearchKind, SearchResult } from '../../model/search-wire.ts';
import { foldId, traceKey, traceKeyToHex } from '../../model/trace-key.ts';
import { idKindOf } from '../codes.ts';
import { termValue } from '../term-value.ts';
import type { Queryable } from '../transaction.ts';
import { Parameters } from './parameters.ts';
import { eventKeyIs, prefixConditions, traceIdText } from './trace-conditions.ts';

/** What is looked for, and how much of each kind is read: one more than is told, which says that there is more. */
export interface Looking {
  readonly workspaceId: number;
  readonly q: string;
  readonly most: number;
}

interface TraceFound {
  trace_key: string;
  id_text: string;
  root_type: string | null;
}

const TRACE_FOUND = `t.trace_key::text, t.id_text, (select label from name where id = t.root_type_id) as root_type`;

/** Traces whose correlation id is the text, and behind them those whose id begins with it, the newest first. */
export async function tracesNamed(client: Queryable, { workspaceId, q, most }: Looking): Promise<SearchResult[]> {
  const params = new Parameters();
  const mine = `t.workspace_id = ${params.add(workspaceId)}`;
  const keys = [
    ...(['correlation', 'trace'] as const).map((kind) => traceKey(workspaceId, kind, q)),
    traceKey(workspaceId, 'trace', traceIdText(q)),
  ];
  const { rows } = await client.query<TraceFound>(
    `(select ${TRACE_FOUND} from trace t where ${mine} and t.trace_key = any(${params.add(keys)}::uuid[]))
     union all
     (select ${TRACE_FOUND} from (
        select t.trace_key from trace t where ${[mine, ...prefixConditions(q, params)].join(' and ')}
        order by t.started_at desc, t.trace_key limit ${params.add(most)}) chosen
      join trace t on t.trace_key = chosen.trace_key order by t.started_at desc, t.trace_key)`,
    params.values,
  );
  return [...new Map(rows.map((row) => [row.trace_key, row])).values()].map((row) => traceResult('trace', row));
}

interface EventFound {
  trace_key: string;
  cluster: string;
  topic: string;
  n: number;
  partition: number;
  offset: string;
  flags: number;
  event_type: string | null;
}

/** Records whose event id is the text, on the page of their trace, or in the list of all events where they are in none. */
export async function eventsNamed(client: Queryable, { workspaceId, q, most }: Looking): Promise<SearchResult[]> {
  const params = new Parameters();
  const { rows } = await client.query<EventFound>(
    `select e.trace_key::text, c.kafka_id as cluster, i.topic, i.n, e.partition, e."offset"::text, e.flags,
       (select label from name where id = e.type_id) as event_type
     from (select * from event where ${eventKeyIs(q, params)} limit ${params.add(most)}) e
     join incarnation i on i.id = e.incarnation_id and i.workspace_id = ${params.add(workspaceId)}
     join cluster c on c.id = i.cluster_id
     order by e.occurred_at, i.topic, e.partition, e."offset"`,
    params.values,
  );
  return rows.map(({ trace_key, partition, offset, flags, event_type, ...incarnation }) => {
    const sel = recordId({ id: 0, ...incarnation }, partition, BigInt(offset));
    const href =
      idKindOf(flags) === 'record'
        ? `/topics?${new URLSearchParams({ tab: 'events', sel })}`
        : `${traceHref(trace_key)}?${new URLSearchParams({ sel })}`;
    return { kind: 'event', text: q, note: event_type, href };
  });
}

/** Rows of terms that are read at most: a key may be that of every record. */
const MOST_TERMS = 1_000;

const KINDS = new Map<number, SearchKind>([
  [TERM_KINDS.trace, 'trace_id'],
  [TERM_KINDS.key, 'key'],
  [TERM_KINDS.field, 'field'],
]);

/** Traces with a trace id, a key or the value of a declared field that is the text; of each kind the newest. */
export async function tracesWith(
  client: Queryable,
  { workspaceId, q, most }: Looking,
  fieldNames: readonly string[],
): Promise<SearchResult[]> {
  const folded = foldId(q);
  const fields = new Map(fieldNames.map((name) => [termValue(fieldTerm(name, folded)), name]));
  const values = [...new Set([folded, q.toLowerCase(), traceIdText(q)].map(termValue)), ...fields.keys()];
  const { rows } = await client.query<TraceFound & { kind: number; value: string }>(BY_TERMS, [
    workspaceId,
    values,
    most,
  ]);
  return rows.flatMap(({ kind, value, ...trace }) => {
    const found = KINDS.get(kind);
    if (found === undefined) return [];
    const note = found === 'field' ? (fields.get(value) ?? value) : trace.root_type;
    return [{ ...traceResult(found, trace), note }];
  });
}

const BY_TERMS = `
  select kind, value, trace_key, id_text, root_type from (
    select m.kind, m.value, ${TRACE_FOUND},
      row_number() over (partition by m.kind order by t.started_at desc, t.trace_key) as place
    from (select distinct kind, value, trace_key from (
      select kind, value, trace_key from term where value = any($2::text[]) limit ${MOST_TERMS}) l) m
    join trace t on t.trace_key = m.trace_key and t.workspace_id = $1
  ) f where place <= $3 order by kind, place`;

function traceResult(kind: SearchKind, { trace_key, id_text, root_type }: TraceFound): SearchResult {
  return { kind, text: id_text, note: root_type, href: traceHref(trace_key) };
}

/** By its key: ids hold anything, and no path can carry some of them. */
function traceHref(key: string): string {
  return `/traces/key:${traceKeyToHex(key)}`;
}
