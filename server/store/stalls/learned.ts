import type { Learned, Maker } from '../../model/follow.ts';
import type { Queryable } from '../transaction.ts';

interface FollowRow {
  readonly type_id: number;
  readonly follow_id: number;
  readonly traces: number;
  readonly followed: number;
  readonly least: number;
  readonly typical_us: string;
  readonly p95_us: string;
  readonly p99_us: string;
  readonly wait_us: string;
  readonly instead: readonly number[];
}

interface MakerRow {
  readonly type_id: number;
  readonly service_id: number | null;
  readonly incarnation_ids: readonly number[];
}

/** What was learned, as it was last stored. */
export async function readLearned(client: Queryable, workspaceId: number): Promise<Learned> {
  const follows = await client.query<FollowRow>('select * from expectation where workspace_id = $1', [workspaceId]);
  return {
    follows: follows.rows.map((row) => ({
      ...{ typeId: row.type_id, followId: row.follow_id, traces: row.traces, followed: row.followed, least: row.least },
      ...{ typicalUs: Number(row.typical_us), p95Us: Number(row.p95_us), p99Us: Number(row.p99_us) },
      ...{ waitUs: Number(row.wait_us), instead: row.instead },
    })),
    makers: await readMakers(client, workspaceId),
  };
}

async function readMakers(client: Queryable, workspaceId: number): Promise<readonly Maker[]> {
  const { rows } = await client.query<MakerRow>('select * from type_maker where workspace_id = $1', [workspaceId]);
  return rows.map((row) => ({
    typeId: row.type_id,
    serviceId: row.service_id,
    incarnationIds: row.incarnation_ids,
  }));
}

/** Replaces what was learned of what follows what. Producers of types that are not seen any more stay known. */
export async function writeLearned(client: Queryable, workspaceId: number, learned: Learned): Promise<void> {
  const follows = learned.follows.map((follow) => ({
    ...{ type_id: follow.typeId, follow_id: follow.followId, traces: follow.traces, followed: follow.followed },
    ...{ least: follow.least, typical_us: follow.typicalUs, p95_us: follow.p95Us, p99_us: follow.p99Us },
    ...{ wait_us: follow.waitUs, instead: follow.instead },
  }));
  const known = await client.query<{ pair: string }>(
    `select type_id || ' ' || follow_id as pair from expectation where workspace_id = $1`,
    [workspaceId],
  );
  const before = new Set(known.rows.map(({ pair }) => pair));
  await client.query(REPLACE_FOLLOWS, [workspaceId, JSON.stringify(follows)]);
  if (learned.follows.some(({ typeId, followId }) => !before.has(`${typeId} ${followId}`)))
    await client.query(RECHECK_NEWEST, [workspaceId, RECHECKED]);
  const makers = learned.makers.map((maker) => ({
    ...{ type_id: maker.typeId, service_id: maker.serviceId, incarnation_ids: maker.incarnationIds },
  }));
  await client.query(UPSERT_MAKERS, [workspaceId, JSON.stringify(makers)]);
  await client.query(RECHECK_UNLEARNED, [workspaceId]);
}

const REPLACE_FOLLOWS = `
  with f as (
    select * from json_to_recordset($2::json) as f(type_id int, follow_id int, traces int, followed int, least real,
      typical_us bigint, p95_us bigint, p99_us bigint, wait_us bigint, instead int[])
  ), gone as (
    delete from expectation e where workspace_id = $1
      and not exists (select from f where f.type_id = e.type_id and f.follow_id = e.follow_id)
  )
  insert into expectation (workspace_id, type_id, follow_id, traces, followed, least, typical_us, p95_us, p99_us,
    wait_us, instead, learned_at)
  select $1, type_id, follow_id, traces, followed, least, typical_us, p95_us, p99_us, wait_us, instead, now() from f
  on conflict (workspace_id, type_id, follow_id) do update set traces = excluded.traces, followed = excluded.followed,
    least = excluded.least, typical_us = excluded.typical_us, p95_us = excluded.p95_us, p99_us = excluded.p99_us,
    wait_us = excluded.wait_us, instead = excluded.instead, learned_at = excluded.learned_at`;

const UPSERT_MAKERS = `
  insert into type_maker (workspace_id, type_id, service_id, incarnation_ids)
  select $1, type_id, service_id, incarnation_ids
  from json_to_recordset($2::json) as m(type_id int, service_id int, incarnation_ids int[])
  on conflict (workspace_id, type_id) do update
    set service_id = excluded.service_id, incarnation_ids = excluded.incarnation_ids
  where (type_maker.service_id, type_maker.incarnation_ids)
    is distinct from (excluded.service_id, excluded.incarnation_ids)`;

// Settle writes the same rows, in the order of their keys too: neither waits for the other in a circle.

/** Newest traces that are looked at again when something new is learned: they were judged without it. */
const RECHECKED = 5_000;
const RECHECK_NEWEST = `
  insert into episode_check (trace_key, workspace_id, check_at)
  select trace_key, workspace_id, now() from (
    select trace_key, workspace_id from trace where workspace_id = $1 and started_at > now() - interval '1 hour'
    order by started_at desc limit $2
  ) t where not exists (select from stall s where s.trace_key = t.trace_key)
  order by trace_key on conflict (trace_key) do nothing`;

/** Traces that wait for what is not expected any more. */
const RECHECK_UNLEARNED = `
  insert into episode_check (trace_key, workspace_id, check_at)
  select trace_key, workspace_id, now() from stall s
  where workspace_id = $1 and not declared and not exists (
    select from expectation e where e.workspace_id = s.workspace_id and e.type_id = s.type_id
      and e.follow_id = s.missing_type_id)
  order by trace_key on conflict (trace_key) do nothing`;
