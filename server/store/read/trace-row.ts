import { EVENT_FLAGS } from '../../model/event.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import { ROW_BITS } from '../codes.ts';
import { prepared } from '../prepared.ts';
import { timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import { TRACE_COLUMNS, type TraceRow } from './trace-summary.ts';

/**
 * The trace row of the first of these keys under which something is stored; null when nothing is. While marks wait for
 * settle, a row made of the events themselves stands in, so that an event is shown as soon as it is stored.
 */
export async function readTraceRow(client: Queryable, keys: readonly string[]): Promise<TraceRow | null> {
  const { rows } = await client.query<FoundRow>({ ...FIND, values: [keys] });
  for (const { marks, ...row } of rows) {
    const settled = isSettled(row) ? row : null;
    const found = marks === null ? settled : await readMarked(client, settled, marks);
    if (found !== null) return found;
  }
  return null;
}

async function readMarked(client: Queryable, settled: TraceRow | null, marked: MarksRow): Promise<TraceRow | null> {
  const firstDay = settled === null || marked.first_day < settled.first_day ? marked.first_day : settled.first_day;
  const lastDay = settled === null || marked.last_day > settled.last_day ? marked.last_day : settled.last_day;
  const values = [
    ...[marked.trace_key, firstDay, lastDay],
    settled?.id_text ?? marked.id_text,
    settled?.id_length ?? marked.id_length,
    settled?.expired_count ?? 0,
    settled?.started_us ?? null,
  ];
  const { rows: made } = await client.query<TraceRow>({ ...FROM_EVENTS, values });
  return made[0] ?? settled;
}

/** What is stored under a key: a settled row, marks, or both. */
type FoundRow = (TraceRow | { readonly trace_key: null }) & { readonly marks: MarksRow | null };

function isSettled(row: TraceRow | { readonly trace_key: null }): row is TraceRow {
  return row.trace_key !== null;
}

interface MarksRow {
  readonly trace_key: string;
  readonly first_day: string;
  readonly last_day: string;
  readonly id_text: string;
  readonly id_length: number;
}

const FIND = prepared(`
  select ${TRACE_COLUMNS}, m.marks
  from unnest($1::uuid[]) with ordinality as k(key, place) left join trace t on t.trace_key = k.key
  left join lateral (
    select json_build_object('trace_key', k.key, 'first_day', min(stored_day), 'last_day', max(stored_day),
      'id_text', min(id_text collate "C"), 'id_length', max(id_length)) as marks
    from dirty_mark where trace_key = k.key having count(*) > 0
  ) m on true
  where t.trace_key is not null or m.marks is not null
  order by k.place`);

// Names in order of first appearance, as settle writes them. Copies count as events until settle tells them apart.
const FROM_EVENTS = prepared(`
  with mine as (
    select e.*, row_number() over (
      order by e.occurred_at, e.recorded_at, i.topic collate "C", e.partition, e."offset", e.incarnation_id) as place
    from event e join incarnation i on i.id = e.incarnation_id
    where e.trace_key = $1::uuid and e.stored_day between $2::date and $3::date
      and not exists (select from duplicate d where d.trace_key = e.trace_key and not d.conflict
        and d.incarnation_id = e.incarnation_id and d.partition = e.partition and d."offset" = e."offset")
  ), made as (
    select $1::uuid as trace_key, min(flags / ${ROW_BITS.idKind} & 3)::smallint as id_kind, $4::text as id_text, $5::int as id_length, $6::int as expired_count,
      case when $6::int > 0 then least(${timeSql('$7')}, min(occurred_at)) else min(occurred_at) end as started_at,
      max(occurred_at) as ended_at, count(*)::int as event_count,
      (count(*) filter (where flags / ${ROW_BITS.schemaStatus} & 3 in (${VIOLATING_CODES.join(', ')})))::int as violation_count,
      (count(*) filter (where flags & ${EVENT_FLAGS.dead_letter} <> 0))::int
        + (select count(*)::int from foreign_letter where trace_key = $1::uuid) as dead_letter_count,
      (select count(*)::int from duplicate d where d.trace_key = $1::uuid and not d.conflict) as duplicate_count,
      (select type_id from mine order by place limit 1) as root_type_id,
      array(select type_id from mine group by type_id order by min(place)) as type_ids,
      array(select service_id from mine where service_id is not null group by service_id order by min(place))
        as service_ids,
      null::int[] as episode_type_ids, bool_or((flags & ${EVENT_FLAGS.dead_letter}) <> 0)
        or exists (select from foreign_letter where trace_key = $1::uuid) as episode_dead_letter,
      array(select incarnation_id from mine group by incarnation_id order by min(place)) as incarnation_ids,
      $2::date as first_day, $3::date as last_day,
      coalesce((select settled_at from trace where trace_key = $1::uuid), now()) as settled_at
    from mine having count(*) > 0
  )
  select ${TRACE_COLUMNS} from made t`);
