import type { Pool } from 'pg';
import { idKindOf, ORIGINAL_STATES } from '../codes.ts';
import { markTraces } from '../mark-traces.ts';
import { inTransaction, type Queryable } from '../transaction.ts';

/** Dead letters whose originals are looked for at once. */
const AT_ONCE = 200;

interface LookedRow {
  readonly incarnation_id: number | null;
  readonly own_incarnation_id: number;
  readonly own_partition: number;
  readonly own_offset: string;
  readonly own_day: string;
  readonly stored_day: string | null;
  readonly trace_key: string | null;
  readonly flags: number | null;
  /** Nothing will come there any more: the tap has passed it, or the topic is gone. */
  readonly passed: boolean;
}

/** What came of one look. */
export interface OriginalsLook {
  readonly looked: number;
  readonly found: number;
  /** There may be more that are due. */
  readonly more: boolean;
}

/**
 * Looks for the originals of dead letters that are due, by their coordinates, and writes what was found: the trace of an
 * original is marked for settle, where the dead letter is of another. One that is not read yet is looked for again, ever less
 * often; one whose place the tap has passed is not there. Taps share the work: rows that another holds are passed over.
 */
export async function findOriginals(pool: Pool, workspaceId: number): Promise<OriginalsLook> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<LookedRow>({
      name: 'find-originals',
      text: LOOK,
      values: [workspaceId, AT_ONCE],
    });
    const found = rows.filter(isFound);
    await writeFound(client, found);
    await writeMissed(
      client,
      rows.filter((row) => !isFound(row)),
    );
    return { looked: rows.length, found: found.length, more: rows.length === AT_ONCE };
  });
}

type FoundRow = LookedRow & { readonly stored_day: string; readonly trace_key: string; readonly flags: number };

function isFound(row: LookedRow): row is FoundRow {
  return row.trace_key !== null && row.stored_day !== null && row.flags !== null;
}

async function writeFound(client: Queryable, found: readonly FoundRow[]): Promise<void> {
  if (found.length === 0) return;
  const { rows } = await client.query<{ day: string; trace_key: string; flags: number }>(WRITE_FOUND, [
    ...placesOf(found),
    found.map((row) => row.incarnation_id),
    found.map((row) => row.stored_day),
  ]);
  const inTraces = rows.filter(({ flags }) => idKindOf(flags) !== 'record');
  for (const day of new Set(inTraces.map((row) => row.day))) {
    const keys = inTraces.filter((row) => row.day === day).map((row) => row.trace_key);
    await markTraces(client, day, [...new Set(keys)]);
  }
}

async function writeMissed(client: Queryable, missed: readonly LookedRow[]): Promise<void> {
  if (missed.length === 0) return;
  const states = missed.map(({ incarnation_id, passed }) => {
    if (incarnation_id === null) return ORIGINAL_STATES['unknown topic'];
    return passed ? ORIGINAL_STATES['not stored'] : ORIGINAL_STATES.waiting;
  });
  await client.query(WRITE_MISSED, [...placesOf(missed), states]);
}

function placesOf(rows: readonly LookedRow[]) {
  return [
    rows.map((row) => row.own_day),
    rows.map((row) => row.own_incarnation_id),
    rows.map((row) => row.own_partition),
    rows.map((row) => row.own_offset),
  ];
}

// The life of the topic at the time of the original, else the latest; what is older than the first life that was seen lived in
// that one. The position moves with the rows it passes, so one statement sees either both or none.
const LOOK = `
  with due as (
    select d.* from dead_letter d
    where d.look_at <= clock_timestamp() order by d.look_at limit $2 for update of d skip locked
  )
  select life.id as incarnation_id, d.incarnation_id as own_incarnation_id,
    d.partition as own_partition, d."offset" as own_offset, d.stored_day::text as own_day,
    e.stored_day::text, e.trace_key::text, e.flags,
    coalesce(life.gone_at is not null or p.next_offset > d.original_offset, false) as passed
  from due d
  join dead_letter_group g on g.key = d.group_key and g.workspace_id = $1
  join incarnation i on i.id = d.incarnation_id
  left join lateral (
    select o.id, o.gone_at from incarnation o
    where o.cluster_id = i.cluster_id and o.topic = g.original_topic
    order by coalesce(d.original_at, 'infinity') >= o.first_seen_at desc,
      case when coalesce(d.original_at, 'infinity') >= o.first_seen_at then -o.n else o.n end
    limit 1
  ) life on true
  left join partition_state p on p.incarnation_id = life.id and p.partition = d.original_partition
  left join lateral (
    select s.stored_day, s.trace_keys from segment s
    where s.incarnation_id = life.id and s.partition = d.original_partition and s.base_offset <= d.original_offset
    order by s.base_offset desc limit 1
  ) home on true
  left join lateral (
    select e.stored_day, e.trace_key, e.flags from event e
    where e.stored_day = home.stored_day and e.trace_key = any(home.trace_keys) and e.incarnation_id = life.id
      and e.partition = d.original_partition and e."offset" = d.original_offset
    limit 1
  ) e on true`;

const PLACES = 'unnest($1::date[], $2::int[], $3::int[], $4::bigint[]';

const AT_PLACE = `d.stored_day = w.stored_day and d.incarnation_id = w.incarnation_id and d.partition = w.partition
    and d."offset" = w."offset"`;

// Each event is looked up by itself: joined, PostgreSQL would read a day of them. A job that reads the original again waits for
// the lock, and then finds what is written here; where it came first, nothing is found, and the next look finds the original
// as it is then.
const WRITE_FOUND = `
  with w as (
    select d.stored_day, d.incarnation_id, d.partition, d."offset", e.stored_day as day, e.incarnation_id as life,
      e.trace_key, e.occurred_at, e.flags
    from ${PLACES}, $5::int[], $6::date[]) as w(stored_day, incarnation_id, partition, "offset", life, day)
    join dead_letter d on ${AT_PLACE}
    join lateral (
      select s.trace_keys from segment s
      where s.incarnation_id = w.life and s.partition = d.original_partition and s.base_offset <= d.original_offset
      order by s.base_offset desc limit 1
    ) home on true
    join lateral (
      select e.* from event e
      where e.stored_day = w.day and e.trace_key = any(home.trace_keys) and e.incarnation_id = w.life
        and e.partition = d.original_partition and e."offset" = d.original_offset
      limit 1 for share
    ) e on true
  ), written as (
    update dead_letter d set original_state = ${ORIGINAL_STATES.stored}, look_at = null, original_incarnation_id = w.life,
      original_day = w.day, original_trace_key = w.trace_key, original_occurred_at = w.occurred_at
    from w where ${AT_PLACE}
    returning d.*, w.flags
  ), elsewhere as (
    insert into foreign_letter (trace_key, incarnation_id, partition, "offset", stored_day, occurred_at)
    select original_trace_key, incarnation_id, partition, "offset", stored_day, original_occurred_at from written
    where original_trace_key <> trace_key
    on conflict do nothing
  )
  select original_day::text as day, original_trace_key::text as trace_key, flags from written
  where original_trace_key <> trace_key`;

// A quarter of its age later, within a second and five minutes; where nobody ever saw the topic, within a day: of these there
// may be as many as there are dead letters, and they stay.
const WRITE_MISSED = `
  update dead_letter d set original_state = w.state,
    look_at = case when w.state <> ${ORIGINAL_STATES['not stored']} then clock_timestamp() + least(
      case when w.state = ${ORIGINAL_STATES['unknown topic']} then interval '1 day' else interval '5 minutes' end,
      greatest(interval '1 second', (clock_timestamp() - d.stored_at) / 4)) end
  from ${PLACES}, $5::smallint[]) as w(stored_day, incarnation_id, partition, "offset", state)
  where ${AT_PLACE}`;
