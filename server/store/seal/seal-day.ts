import type { PoolClient } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import { type Settle, SHARDS } from '../../ports/settle-store.ts';
import { openMemory, type SettleMemory, settleMarked } from '../settle/settle-marked.ts';
import { awaitShard, withShard } from '../settle/shard-lock.ts';
import { takeMarksOf, takeMarksUntil } from '../settle/take-marks.ts';
import { isOvertaken } from '../sql-state.ts';
import { BEGIN, transactionOn } from '../transaction.ts';
import { chooseTraces, readSpans } from './choose-traces.ts';
import { sealTraces } from './seal-traces.ts';

const MARKED_AT_ONCE = 200;
/** So often a step is begun anew when others were first, e.g. in naming a series. */
const MOST_TRIES = 10;

/** What seals the days of one workspace, over a connection that nobody else uses meanwhile. */
export interface Sealer {
  readonly client: PoolClient;
  readonly workspaceId: number;
  readonly settle: Settle;
  readonly memory: SettleMemory;
  /** Ends it after the step in hand. */
  readonly stopping: AbortSignal | null;
}

/** What a sealer stitches with. */
export interface Sealing {
  readonly settle: Settle;
  /** Names alone say which topics are queues without it. */
  readonly queues?: QueueNames;
  readonly stopping?: AbortSignal | null;
}

export function openSealer(
  client: PoolClient,
  workspaceId: number,
  { settle, queues, stopping = null }: Sealing,
): Sealer {
  return { client, workspaceId, settle, memory: openMemory(workspaceId, queues), stopping };
}

/**
 * Seals everything that was stored until `day`, which is decided to go: after this the live sums are those of later days.
 *
 *     marks of the day are settled ─> `sealing_at` ─> step ─> step ─> … ─> the day can be dropped
 *                                                      a shard each, in turn
 *
 * From `sealing_at` on settle reads the day only for traces whose row still has it, so what is done stays done, and what
 * is left is found by the rows: killed anywhere, the next call goes on. A shard is held for one step; settle has it in
 * between. Answers false when it was stopped before the end.
 */
export async function sealDay(sealer: Sealer, day: string): Promise<boolean> {
  const stopped = () => sealer.stopping?.aborted === true;
  while (!(await beginSealing(sealer, day))) {
    if (stopped()) return false;
    await settleDay(sealer, day);
  }
  let open = shards();
  while (open.length > 0) {
    const left: number[] = [];
    for (const shard of open) {
      if (stopped()) return false;
      if ((await sealStep(sealer, shard, day)) > 0) left.push(shard);
    }
    open = left;
  }
  return true;
}

const shards = () => Array.from({ length: SHARDS }, (_, shard) => shard);

/** Says that the day is sealed from now on; false while traces of it wait for settle. */
async function beginSealing({ client, workspaceId }: Sealer, day: string): Promise<boolean> {
  return transactionOn(client, async () => {
    for (const shard of shards()) await awaitShard(client, workspaceId, shard);
    const { rows } = await client.query<{ begun: boolean }>(BEGIN_SEALING, [workspaceId, day]);
    if (rows[0] === undefined) throw new Error(`the day ${day} is not decided to go`);
    return rows[0].begun;
  });
}

const BEGIN_SEALING = `
  update expired_day set sealing_at = coalesce(sealing_at,
    case when not exists (select from dirty_mark where workspace_id = $1 and stored_day <= $2::date)
      then clock_timestamp() end)
  where workspace_id = $1 and kept_as = 'events' and day = $2::date
  returning sealing_at is not null as begun`;

/** Settles what waits of events that were stored until the day. */
async function settleDay(sealer: Sealer, day: string): Promise<void> {
  const { client, workspaceId, settle, memory } = sealer;
  for (const shard of shards()) {
    let settled = MARKED_AT_ONCE;
    while (settled >= MARKED_AT_ONCE && sealer.stopping?.aborted !== true) {
      settled = await step(sealer, shard, async () => {
        const marked = await takeMarksUntil(client, workspaceId, shard, { day, limit: MARKED_AT_ONCE });
        return settleMarked({ client, workspaceId, shard, memory }, marked, settle);
      });
    }
  }
}

/** Seals the next traces of a shard, settled first where they wait for it. Answers how many; 0 when none is left. */
async function sealStep(sealer: Sealer, shard: number, day: string): Promise<number> {
  const { client, workspaceId, settle, memory } = sealer;
  const settling = { client, workspaceId, shard, memory };
  return step(sealer, shard, async () => {
    const keys = await chooseTraces(client, workspaceId, shard, day);
    const { remember } = await settleMarked(settling, await takeMarksOf(client, workspaceId, keys), settle);
    await sealTraces(settling, await readSpans(client, keys, day), day, settle);
    return { count: keys.length, remember };
  });
}

async function step(
  { client, workspaceId }: Sealer,
  shard: number,
  work: () => Promise<{ readonly count: number; readonly remember: () => void }>,
): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { count, remember } = await withShard(client, workspaceId, shard, () =>
        transactionOn(client, work, BEGIN.sealing),
      );
      remember();
      return count;
    } catch (error) {
      if (tries === MOST_TRIES || !isOvertaken(error)) throw error;
    }
  }
}
