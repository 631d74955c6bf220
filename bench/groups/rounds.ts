import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { ClusterWatch } from '../../server/ports/cluster-watch.ts';
import type { WatchStore } from '../../server/ports/watch-store.ts';
import { compareLook } from '../../server/watch/compare-look.ts';
import { toRoundMemory } from '../../server/watch/round-memory.ts';
import { roundPause } from '../../server/watch/round-pause.ts';

/** What one round took. */
export interface Round {
  readonly ms: number;
  readonly cpuMs: number;
  readonly postgresCpuMs: number;
  readonly requests: number;
  readonly changes: number;
  readonly pauseMs: number;
}

/** Kernel clock ticks of a second, on every Linux that matters. */
const TICKS_PER_S = 100;

/** Runs rounds of watch one by one, as its loop does, and measures each. */
export async function createRounds(cluster: ClusterWatch, store: WatchStore, pool: pg.Pool) {
  const state = await store.acquire(await cluster.identify());
  if (state === null) throw new Error('another process leads');
  const memory = toRoundMemory(state);
  const { rows } = await pool.query<{ pid: number }>(
    "select pid from pg_locks where locktype = 'advisory' and classid = 7206",
  );
  const pid = rows[0]?.pid ?? 0;
  return {
    async run(): Promise<Round> {
      const [began, cpu, postgres] = [performance.now(), process.cpuUsage(), ticksOf(pid)];
      const topics = await store.topics();
      const groups = [...memory.groups.values()].map(({ group, type }) => ({ group, type }));
      const look = await cluster.look({ groups, topics: new Set(topics.map(({ topic }) => topic)) });
      const compared = compareLook(memory, look, topics);
      await store.write(compared.round);
      compared.remember();
      const ms = performance.now() - began;
      const used = process.cpuUsage(cpu);
      const changes = compared.round.committed.length;
      return {
        ms,
        cpuMs: (used.user + used.system) / 1000,
        postgresCpuMs: ((ticksOf(pid) - postgres) / TICKS_PER_S) * 1000,
        requests: look.requests,
        changes,
        pauseMs: roundPause(ms, changes),
      };
    },
  };
}

/** CPU that a process has used, user and system. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
