import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { preparePostgres } from '../../../server/runtime/postgres/prepare-postgres.ts';
import { freePort } from '../../../server/runtime/supervise/free-ports.ts';
import { makeTemplate, onDatabase, TEMPLATE } from '../../support/private-postgres.ts';
import { downloads } from '../../support/services.ts';

/** A PostgreSQL that keeps what it promised through a kill: fsync is on. */
export interface DatabaseServer {
  /** Makes a migrated, empty database of that name and answers its address. */
  makeDatabase(name: string): Promise<string>;
  /** Starts it again, at the same address. */
  start(): Promise<void>;
  /** SIGKILL: as when the machine's power is cut. SIGINT: an orderly, fast restart. Resolves once it is gone. */
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
}

const START_TIMEOUT_MS = 180_000;

/** Makes and starts a new server in `folder`; its log is `postgres.log` there. It ends with this process. */
export async function startDatabaseServer(folder: string): Promise<DatabaseServer> {
  // As root the server runs as another user, who must pass.
  chmodSync(folder, 0o711);
  const prepared = await preparePostgres({
    dataDir: path.join(folder, 'postgres'),
    ownRoot: folder,
    cacheDir: downloads().cacheDir,
    port: await freePort(),
    maxConnections: 200,
  });
  const { uid, gid } = prepared;
  let child: ChildProcess | null = null;
  process.once('exit', () => void child?.kill('SIGQUIT'));

  const server = {
    async start(): Promise<void> {
      await prepared.clear();
      const log = openSync(path.join(folder, 'postgres.log'), 'a');
      const started = spawn(prepared.command, prepared.args, {
        env: { ...prepared.env, NODE_ENV: 'test' },
        stdio: ['ignore', log, log],
        cwd: '/',
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
      });
      closeSync(log);
      child = started;
      const died = once(started, 'exit').then(() => Promise.reject(new Error('PostgreSQL ended while starting')));
      died.catch(() => undefined);
      await Promise.race([prepared.waitReady(AbortSignal.timeout(START_TIMEOUT_MS)), died]);
    },
    async stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
      const stopping = child;
      child = null;
      if (stopping === null) return;
      stopping.kill(signal);
      if (stopping.exitCode === null && stopping.signalCode === null) await once(stopping, 'exit');
    },
  };
  await server.start();
  const url = await makeTemplate(prepared.url);
  return {
    ...server,
    async makeDatabase(name) {
      await onDatabase(url, (client) => client.query(`create database ${name} template ${TEMPLATE}`));
      const made = new URL(url);
      made.pathname = name;
      return made.href;
    },
  };
}
