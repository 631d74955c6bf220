import type pg from 'pg';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import { holdLocks } from '../scenarios/scenario.ts';
import type { TapProcess } from '../world/tap-process.ts';
import type { TestBed } from '../world/test-bed.ts';
import type { FlakyReceiver } from './flaky-receiver.ts';

/** What is killed, and who they are. */
export interface KillWorld {
  readonly bed: TestBed;
  readonly pool: pg.Pool;
  readonly receiver: FlakyReceiver;
  /** Running processes by the name under which they are connected to the database. */
  readonly processes: Map<string, TapProcess>;
  start(name: string): TapProcess;
  /** There is nothing left to kill in. */
  readonly isOver: () => boolean;
}

/** A moment in which a process is killed: while a statement of it waits to write into a table. */
export interface Moment {
  readonly table: 'alert_transition' | 'notice' | 'delivery' | 'delivery_attempt' | 'queue_mark';
  /** A text of the statement. */
  readonly statement?: string;
}

/** Sent, taken, and not noted. */
const NOTING: Moment = { table: 'delivery_attempt', statement: 'latency_ms' };

/**
 * Holds the table until a process waits to write into it, kills that process, and starts it again. Answers its name; null
 * when all was over before.
 */
export async function killWhileWriting(world: KillWorld, moment: Moment): Promise<string | null> {
  const locks = await holdLocks(world.bed, `lock table ${moment.table} in share mode`);
  try {
    const found = await untilWaiting(world, moment);
    if (found === null) return null;
    const victim = world.processes.get(found);
    await victim?.end('SIGKILL');
    // Two may have met in the same victim.
    if (world.processes.get(found) === victim) world.start(found);
    return found;
  } finally {
    await locks.release();
  }
}

/** Kills a sender whose request was taken before it can note so. */
export async function killBeforeNoting(world: KillWorld): Promise<string | null> {
  const held = world.receiver.holdNext();
  const request = await until(
    'a request that is taken',
    async () => (world.isOver() ? 'over' : settled(held)),
    PATIENT,
  );
  if (request === 'over') {
    void held.then(({ take }) => take());
    return null;
  }
  const killed = killWhileWriting(world, NOTING);
  // The table is held before the answer, or nobody would have to wait.
  await until('the table to be held', () => isHeld(world.pool), PATIENT);
  request.take();
  return killed;
}

const PATIENT = { timeoutMs: PATIENCE_MS, everyMs: 20 };

function untilWaiting(world: KillWorld, { table, statement = '' }: Moment): Promise<string | null> {
  return until(
    `somebody to write into ${table}`,
    async () => {
      if (world.isOver()) return { name: null };
      const { rows } = await world.pool.query<{ name: string }>(WAITING, [table, statement]);
      return rows.find(({ name }) => world.processes.has(name));
    },
    PATIENT,
  ).then(({ name }) => name);
}

const WAITING = `
  select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
  where l.relation = $1::regclass and not l.granted and a.datname = current_database() and strpos(a.query, $2) > 0`;

async function isHeld(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pg_locks where relation = 'delivery_attempt'::regclass and mode = 'ShareLock' and granted`,
  );
  return rowCount !== 0;
}

/** What a promise has come to so far; undefined while it waits. */
function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, Promise.resolve(undefined)]);
}
