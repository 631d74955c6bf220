import pg from 'pg';
import { EMPTY_TOPOLOGY } from '../../server/model/trace.ts';
import { WORKSPACE_ID } from '../../server/model/workspace.ts';
import { SHARDS } from '../../server/ports/settle-store.ts';
import { settleTraces } from '../../server/settle/settle-traces.ts';
import { createSettleStore } from '../../server/store/settle/settle-store.ts';
import { bytesOf, cpuSecondsOfTree } from '../support/postgres-cost.ts';
import type { Settled } from './contenders.ts';

const TRACES_A_TURN = 200;
const EPISODE_GAP_MS = 30 * 60_000;

/** Lets the shards go and settles until no mark is left, with nothing else running. */
export async function settleAlone(client: pg.Client, databaseUrl: string, postgresPid: number): Promise<Settled> {
  await client.query('select pg_advisory_unlock_all()');
  const { rows } = await client.query<{ events: string }>('select count(*) as events from event');
  const millions = Number(rows[0]?.events) / 1e6;
  await client.query('vacuum analyze event, dirty_mark').catch(() => undefined);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const before = await bytesOf(client);
  const [cpu, postgresCpu, began] = [process.cpuUsage(), cpuSecondsOfTree(postgresPid), performance.now()];
  const store = createSettleStore({ pool, workspaceId: WORKSPACE_ID });
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const turn = () =>
      store.settleShard(shard, { limit: TRACES_A_TURN, quietMs: 0 }, (open) =>
        settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS }),
      );
    while (((await turn()) ?? 0) > 0);
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = await bytesOf(client);
  const result = {
    eventsPerS: (millions * 1e6) / seconds,
    clientCpuS: (user + system) / 1e6 / millions,
    postgresCpuS: (cpuSecondsOfTree(postgresPid) - postgresCpu) / millions,
    bytesPerEvent: (after.database - before.database) / (millions * 1e6),
  };
  await pool.end();
  return result;
}
