import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { SettleStore } from '../../ports/settle-store.ts';
import { BEGIN, inTransaction } from '../transaction.ts';
import { openMemory, settleMarked } from './settle-marked.ts';
import { tryShard } from './shard-lock.ts';
import { takeMarks } from './take-marks.ts';

/**
 * The settle store on PostgreSQL. READ COMMITTED matters: marks are deleted by one statement, and events are read by a
 * later one, which sees everything that was committed with those marks. A batch that commits in between leaves its own
 * mark and is settled next time. Statements that look into growing tables are not prepared: a plan made while a table was
 * small is kept, and reads all of it when it is large.
 */
export function createSettleStore({
  pool,
  workspaceId,
  queues,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
  /** Names alone say which topics are queues without it. */
  readonly queues?: QueueNames;
}): SettleStore {
  const memory = openMemory(workspaceId, queues);
  return {
    async settleShard(shard, options, settle) {
      const settled = await inTransaction(
        pool,
        async (client) => {
          if (!(await tryShard(client, workspaceId, shard))) return null;
          const marked = await takeMarks(client, workspaceId, shard, options);
          return settleMarked({ client, workspaceId, shard, memory }, marked, settle);
        },
        BEGIN.settling,
      );
      settled?.remember();
      return settled?.count ?? null;
    },
  };
}
