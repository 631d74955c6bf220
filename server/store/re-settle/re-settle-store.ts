import type { Pool, PoolClient } from 'pg';
import type { JobState } from '../../model/job-wire.ts';
import type { ReSettleStore, StepOutcome } from '../../ports/job-store.ts';
import { inTransaction } from '../transaction.ts';
import { markOlder, olderOnesWait, settleIsBehind, windowAfter } from './older-traces.ts';
import { beginOf, shareUpTo, type Walk, walkFromRow } from './walk.ts';

/**
 * Traces looked at in a step: when all of them are older, each shard gets so many marks that one or two of its turns are
 * full. Marks are taken oldest first: what comes in behind them waits for no more than that.
 */
const TRACES_A_STEP = 1_000;

interface Options {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly tracesAStep?: number;
}

/**
 * Re-settle on PostgreSQL. It writes marks and nothing else: settle does with a marked trace what it does with every other
 * one, under its locks. Each step is one transaction that moves the job's place by compare-and-set, so a step that is killed
 * has not happened, and of two processes one goes on.
 */
export function createReSettleStore({ pool, workspaceId, tracesAStep = TRACES_A_STEP }: Options): ReSettleStore {
  return {
    begin: (jobId) => begin(pool, workspaceId, jobId),
    step: (jobId) => inTransaction(pool, (client) => step(client, { workspaceId, tracesAStep }, jobId)),
    async note(jobId, message) {
      await pool.query(
        `update job set message = $2, moved_at = clock_timestamp() where id = $1::uuid and state = 'running'`,
        [jobId, message],
      );
    },
  };
}

/** The version to settle by is that of the newest topology at the first begin, and stays. */
async function begin(pool: Pool, workspaceId: number, jobId: string): Promise<JobState | null> {
  const { rows } = await pool.query<{ state: JobState }>(BEGIN, [
    jobId,
    workspaceId,
    JSON.stringify({ ...beginOf(0), version: undefined }),
  ]);
  return rows[0]?.state ?? null;
}

const BEGIN = `
  with begun as (
    update job set state = 'running', started_at = coalesce(started_at, clock_timestamp()), moved_at = clock_timestamp(),
      message = null, place = coalesce(place, $3::jsonb || jsonb_build_object('version',
        (select coalesce(max(version), 0) from topology where workspace_id = $2)))
    where id = $1::uuid and state in ('queued', 'running') returning state
  )
  select state from begun union all
  select state from job where id = $1::uuid and not exists (select from begun)`;

async function step(
  client: PoolClient,
  { workspaceId, tracesAStep }: { readonly workspaceId: number; readonly tracesAStep: number },
  jobId: string,
): Promise<StepOutcome> {
  const { rows } = await client.query<{ place: unknown }>(
    `select place from job where id = $1::uuid and state = 'running' for update skip locked`,
    [jobId],
  );
  const walk = rows[0] === undefined ? null : walkFromRow(rows[0].place);
  if (walk === null) return 'stopped';
  const { version, after, until } = walk;
  if (until !== null) {
    const marked = { workspaceId, version, after, until };
    if (await olderOnesWait(client, marked)) return waits(client, jobId, null);
    // A tap that had not heard of the topology yet may have settled some of them by the one before.
    const again = await markOlder(client, marked);
    return moveTo(client, jobId, again > 0 ? walk : { ...walk, after: until, until: null }, { done: 0, changed: 0 });
  }
  if (await settleIsBehind(client, workspaceId)) return waits(client, jobId, BEHIND);
  const window = await windowAfter(client, after, tracesAStep);
  if (window === null) return endOfPass(client, jobId, walk);
  const marked = await markOlder(client, { workspaceId, version, after, until: window.until });
  const next = { ...walk, marked: walk.marked + marked };
  return moveTo(client, jobId, marked === 0 ? { ...next, after: window.until } : { ...next, until: window.until }, {
    done: walk.pass === 1 ? window.traces : marked,
    changed: marked,
  });
}

/** Traces that were settled meanwhile lie behind the walk: it ends after a pass that found none. */
async function endOfPass(client: PoolClient, jobId: string, walk: Walk): Promise<StepOutcome> {
  if (walk.marked > 0) return moveTo(client, jobId, beginOf(walk.version, walk.pass + 1), { done: 0, changed: 0 });
  await client.query(
    `update job set state = 'done', finished_at = clock_timestamp(), total = done, message = null where id = $1::uuid`,
    [jobId],
  );
  return 'done';
}

const BEHIND = 'It waits, because settle is behind with what is stored.';

async function waits(client: PoolClient, jobId: string, why: string | null): Promise<StepOutcome> {
  await client.query('update job set moved_at = clock_timestamp(), message = $2 where id = $1::uuid', [jobId, why]);
  return 'waiting';
}

/** In the first pass the share of the keys that is behind tells about how many traces there are. */
async function moveTo(
  client: PoolClient,
  jobId: string,
  walk: Walk,
  { done, changed }: { readonly done: number; readonly changed: number },
): Promise<StepOutcome> {
  const behind = walk.until ?? walk.after;
  const share = walk.pass > 1 || behind === null ? 1 : shareUpTo(behind);
  await client.query(
    `update job set place = $2::jsonb, done = done + $3::bigint, changed = changed + $4::bigint,
       total = ceil((done + $3::bigint) / $5::float8)::bigint, moved_at = clock_timestamp(), message = null
     where id = $1::uuid`,
    [jobId, JSON.stringify(walk), done, changed, share],
  );
  return 'working';
}
