import type { Missing, Waiting } from '../../model/waiting.ts';
import type { CheckedEpisode } from '../../ports/stall-store.ts';
import { appendFrames } from '../settle/append-frames.ts';
import type { Queryable } from '../transaction.ts';
import { type EpisodeLists, episodeListsSql, toEpisodeTypes } from './read-sample.ts';
import { readUpTo } from './read-up-to.ts';
import { SAYS_FAILED } from './still-missing.ts';

/** Most stalled traces that are held. Beyond, none is added until some have gone on; counts say that they are more. */
export const MOST_STALLS = 100_000;
/** What was due longer ago is history: it was not looked at while it happened, and nobody waits for it. */
const CLAIM_WITHIN_US = 86_400_000_000;
/** Looked at again: while the tap or settle is behind, and while there is no room. */
const SOON_US = 2_000_000;
const LATER_US = 60_000_000;

interface Row {
  readonly trace_key: string;
  /** Null where the trace is gone, or has no episode yet. */
  readonly lists: EpisodeLists | null;
  readonly root_type_id: number;
  readonly failed: boolean;
  readonly age_us: number;
  readonly stall_type_id: number | null;
  readonly stall_missing: string | null;
}

type Found = { readonly row: Row; readonly missing: Missing };

/** What becomes of the traces that were looked at. Times are from now on, in microseconds. */
interface Outcome {
  readonly done: string[];
  readonly again: { readonly trace_key: string; readonly in_us: number; readonly tap_behind: boolean }[];
  readonly stalled: Found[];
  /** Stalled no longer, or not at the same step. */
  readonly healed: string[];
}

/** Looks at the traces whose time has come. The caller's transaction; its rows of `episode_check` stay locked in it. */
export async function checkEpisodes(
  client: Queryable,
  workspaceId: number,
  limit: number,
  judge: (episode: CheckedEpisode) => Waiting,
): Promise<number> {
  const { rows } = await client.query<Row>(DUE, [workspaceId, limit]);
  if (rows.length === 0) return 0;
  const outcome: Outcome = { done: [], again: [], stalled: [], healed: [] };
  const overdue: Found[] = [];
  for (const row of rows) {
    const judged = row.lists === null ? ({ kind: 'nothing' } as const) : judge(toEpisode(row, row.lists));
    if (judged.kind === 'overdue') {
      overdue.push({ row, missing: judged.missing });
      continue;
    }
    if (row.stall_type_id !== null) outcome.healed.push(row.trace_key);
    if (judged.kind === 'nothing') outcome.done.push(row.trace_key);
    else outcome.again.push({ trace_key: row.trace_key, in_us: judged.dueUs - row.age_us, tap_behind: false });
  }
  await decide(client, workspaceId, overdue, outcome);
  await write(client, workspaceId, outcome);
  return rows.length;
}

function toEpisode(row: Row, lists: EpisodeLists): CheckedEpisode {
  const { root_type_id: rootTypeId, failed, age_us: ageUs } = row;
  return { types: toEpisodeTypes(lists), rootTypeId, failed, ageUs };
}

/** Of what is overdue, what can be claimed: only when everything that came until it was due is read and settled. */
async function decide(
  client: Queryable,
  workspaceId: number,
  overdue: readonly Found[],
  { done, again, stalled, healed }: Outcome,
): Promise<void> {
  if (overdue.length === 0) return;
  const upTo = await readUpTo(client, workspaceId);
  const marked = await readMarked(client, overdue);
  let room = await roomLeft(client, workspaceId);
  for (const found of overdue) {
    const { row, missing } = found;
    const { trace_key } = row;
    const overdueForUs = row.age_us - missing.dueUs;
    const isStalled = row.stall_type_id !== null;
    const stays = row.stall_type_id === missing.after.typeId && row.stall_missing === missingName(missing);
    if (isStalled && !stays) healed.push(trace_key);
    if (!isStalled && overdueForUs > CLAIM_WITHIN_US) done.push(trace_key);
    else if (marked.has(trace_key)) again.push({ trace_key, in_us: SOON_US, tap_behind: false });
    else if (upTo.behindUs(missing.typeId) > overdueForUs)
      again.push({ trace_key, in_us: SOON_US, tap_behind: !stays });
    else if (isStalled || room > 0) {
      stalled.push(found);
      if (!isStalled) room -= 1;
    } else again.push({ trace_key, in_us: LATER_US, tap_behind: false });
  }
}

/** A declared type is known by its name, a learned one by its id; `stall_missing` has the same form. */
function missingName({ typeId, declared }: Missing): string {
  return declared?.step.eventType ?? `#${typeId}`;
}

/**
 * Traces with a record that is not settled. They are looked for behind how far all is read: whatever was read until then has
 * left its mark, or is settled already, and settle waits for the rows that are locked here.
 */
async function readMarked(client: Queryable, overdue: readonly Found[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ trace_key: string }>(MARKED, [overdue.map(({ row }) => row.trace_key)]);
  return new Set(rows.map((row) => row.trace_key));
}

async function roomLeft(client: Queryable, workspaceId: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from stall where workspace_id = $1', [
    workspaceId,
  ]);
  return MOST_STALLS - (rows[0]?.n ?? 0);
}

async function write(client: Queryable, workspaceId: number, outcome: Outcome): Promise<void> {
  const { done, again, stalled, healed } = outcome;
  if (healed.length > 0) await client.query('delete from stall where trace_key = any($1::uuid[])', [healed]);
  if (stalled.length > 0) await claim(client, workspaceId, stalled);
  const gone = [...done, ...stalled.map(({ row }) => row.trace_key)];
  if (gone.length > 0) await client.query('delete from episode_check where trace_key = any($1::uuid[])', [gone]);
  if (again.length > 0) await client.query(AGAIN, [JSON.stringify(again)]);
  const changed = new Set([...healed, ...stalled.map(({ row }) => row.trace_key)]);
  if (changed.size > 0) await appendFrames(client, [...changed]);
}

async function claim(client: Queryable, workspaceId: number, stalled: readonly Found[]): Promise<void> {
  await client.query(CLAIM, [workspaceId, JSON.stringify(stalled.map(toClaim))]);
  await client.query(ONCE, [workspaceId, stalled.map(({ row }) => row.trace_key)]);
  const types = [...new Set(stalled.map(({ missing }) => missing.after.typeId))];
  await client.query(RUN, [workspaceId, types.sort((a, b) => a - b)]);
}

function toClaim({ row, missing }: Found): object {
  const { after, dueUs, declared, learned } = missing;
  return {
    trace_key: row.trace_key,
    type_id: after.typeId,
    after_us: after.us,
    due_us: dueUs,
    missing_type: declared?.step.eventType ?? null,
    missing_type_id: missing.typeId,
    declared: declared !== null,
    flow: declared?.flow ?? null,
    service: declared?.step.service ?? null,
    group_name: declared?.step.group ?? null,
    ...(learned !== null && {
      ...{ traces: learned.traces, followed: learned.followed },
      ...{ typical_us: learned.typicalUs, p95_us: learned.p95Us },
    }),
  };
}

const MARKED = 'select distinct trace_key::text from dirty_mark where trace_key = any($1::uuid[])';

// The row of a trace that settle holds right now is passed over until it is settled.
const DUE = `
  with due as materialized (
    select trace_key from episode_check where workspace_id = $1 and check_at <= now()
    order by check_at limit $2 for update skip locked
  )
  select d.trace_key::text, case when t.episode_at is not null then ${episodeListsSql(200)} end as lists,
    coalesce(t.root_type_id, 0) as root_type_id,
    (extract(epoch from now() - t.episode_at) * 1000000)::float8 as age_us,
    coalesce(t.episode_dead_letter, false) or exists (
      select from name n where n.id = any(t.episode_type_ids) and ${SAYS_FAILED}) as failed,
    s.type_id as stall_type_id,
    case when s.declared then s.missing_type when s.type_id is not null then '#' || s.missing_type_id end as stall_missing
  from due d left join trace t using (trace_key) left join stall s using (trace_key)`;

const AGAIN = `
  update episode_check c set check_at = now() + a.in_us * interval '1 microsecond', tap_behind = a.tap_behind
  from json_to_recordset($1::json) as a(trace_key uuid, in_us float8, tap_behind boolean)
  where c.trace_key = a.trace_key`;

const CLAIM = `
  with c as (
    select * from json_to_recordset($2::json) as c(trace_key uuid, type_id int, after_us bigint, due_us bigint,
      missing_type text, missing_type_id int, declared boolean, flow text, service text, group_name text, traces int,
      followed int, typical_us bigint, p95_us bigint)
  )
  insert into stall (trace_key, workspace_id, found_at, since, due_at, type_id, incarnation_id, partition, "offset",
    missing_type, missing_type_id, declared, flow, service, group_name, traces, followed, typical_us, p95_us)
  select c.trace_key, $1, now(), t.episode_at + c.after_us * interval '1 microsecond',
    t.episode_at + c.due_us * interval '1 microsecond', c.type_id,
    coalesce(e.incarnation_id, t.episode_incarnation_ids[array_position(t.episode_type_ids, c.type_id)], 0), e.partition,
    e."offset", coalesce(c.missing_type, (select label from name where id = c.missing_type_id), ''), c.missing_type_id,
    c.declared, c.flow, c.service, c.group_name, c.traces, c.followed, c.typical_us, c.p95_us
  from c join trace t using (trace_key)
  left join lateral (
    select e.incarnation_id, e.partition, e."offset" from event e
    where e.trace_key = c.trace_key and e.stored_day between t.first_day and t.last_day and e.type_id = c.type_id
      and e.occurred_at = t.episode_at + c.after_us * interval '1 microsecond'
    order by e.recorded_at, e.incarnation_id, e.partition, e."offset" limit 1
  ) e on true
  on conflict (trace_key) do update set since = excluded.since, due_at = excluded.due_at, type_id = excluded.type_id,
    incarnation_id = excluded.incarnation_id, partition = excluded.partition, "offset" = excluded."offset",
    missing_type = excluded.missing_type, missing_type_id = excluded.missing_type_id, declared = excluded.declared,
    flow = excluded.flow, service = excluded.service, group_name = excluded.group_name, traces = excluded.traces,
    followed = excluded.followed, typical_us = excluded.typical_us, p95_us = excluded.p95_us`;

const ONCE = `
  insert into stalled_once (trace_key, workspace_id, at) select k, $1, now() from unnest($2::uuid[]) as k
  on conflict (trace_key) do update set at = excluded.at`;

// After some hours without any the next one begins a new run.
const RUN = `
  insert into stall_run (workspace_id, type_id, first_at, last_at) select $1, t, now(), now() from unnest($2::int[]) as t
  on conflict (workspace_id, type_id) do update set last_at = now(),
    first_at = case when stall_run.last_at < now() - interval '6 hours' then now() else stall_run.first_at end`;
