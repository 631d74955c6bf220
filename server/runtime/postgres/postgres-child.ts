import type { ChildSpec } from '../supervise/child-spec.ts';
import type { PreparedPostgres } from './prepare-postgres.ts';

/** A prepared PostgreSQL as a supervised child. SIGINT is its fast shutdown: sessions end, all is written. */
export function postgresChild(prepared: PreparedPostgres): ChildSpec {
  return {
    name: 'PostgreSQL',
    command: prepared.command,
    args: prepared.args,
    env: prepared.env,
    // Its user may not pass the folder we stand in.
    cwd: '/',
    uid: prepared.uid,
    gid: prepared.gid,
    group: 'stores',
    stopSignal: 'SIGINT',
    graceMs: 6000,
    ready: prepared.waitReady,
    // Crash recovery of 2 GB of WAL takes a while on a small machine.
    readyWithinMs: 120_000,
    beforeStart: prepared.clear,
  };
}
