import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { projectRoot } from '../../server/config/project-root.ts';
import { preparePostgres } from '../../server/runtime/postgres/prepare-postgres.ts';
import { freePort } from '../../server/runtime/supervise/free-ports.ts';
import { migrate } from '../../server/store/migrate.ts';
import { downloads } from './services.ts';

/** Each test file gets a copy of this database, which is at the newest migration. */
export const TEMPLATE = 'throughline_template';

/** A PostgreSQL of this run alone. */
export interface PrivatePostgres {
  /** The server's own database, as a role that may create databases and is no superuser. */
  readonly url: string;
  /** The same as its superuser: for what no other role may do. */
  readonly ownerUrl: string;
  /** The server's first process: the parent of all its others. */
  readonly pid: number;
  readonly version: string;
  /** Databases that tests left behind. */
  leftovers(): Promise<string[]>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
/** The product promises to work without superuser rights, so tests have none either. */
const ROLE = 'throughline_test';

/**
 * Starts a new, empty PostgreSQL and migrates the template database. Without fsync unless asked for: nothing of it is
 * kept, but what is measured must pay for it.
 */
export async function startPrivatePostgres({ fsync = false } = {}): Promise<PrivatePostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-postgres-'));
  // As root the server runs as another user, who must pass.
  chmodSync(folder, 0o711);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const port = await freePort();
    const prepared = await preparePostgres({
      dataDir: path.join(folder, 'data'),
      cacheDir: downloads().cacheDir,
      port,
      fsync,
      maxConnections: 200,
      ...(!fsync && { sharedBuffersMb: 128 }),
    });
    const { uid, gid } = prepared;
    const child = spawn(prepared.command, prepared.args, {
      env: { ...prepared.env, NODE_ENV: 'test' },
      stdio: 'ignore',
      cwd: '/',
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    const endWithUs = (): void => void child.kill('SIGQUIT');
    process.once('exit', endWithUs);
    const gone = once(child, 'exit').finally(() => process.off('exit', endWithUs));
    const died = gone.then(() => Promise.reject(new Error('the private PostgreSQL ended while starting')));
    died.catch(() => undefined);
    const stop = async (): Promise<void> => {
      child.kill('SIGINT');
      await gone;
      removeFolder();
    };
    try {
      await Promise.race([prepared.waitReady(AbortSignal.timeout(START_TIMEOUT_MS)), died]);
      const url = await makeTemplate(prepared.url);
      if (child.pid === undefined) throw new Error('the private PostgreSQL has no pid');
      return {
        url,
        ownerUrl: prepared.url,
        pid: child.pid,
        version: prepared.version,
        stop,
        leftovers: () => databasesBeside(url),
      };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/** Makes the role of tests and the template database on a server that is empty. Answers the role's address of it. */
export async function makeTemplate(ownerUrl: string): Promise<string> {
  const url = new URL(ownerUrl);
  url.username = ROLE;
  await onDatabase(ownerUrl, async (client) => {
    await client.query(`create role ${ROLE} login createdb password '${url.password}'`);
    await client.query(`create database ${TEMPLATE} owner ${ROLE}`);
  });
  const template = new URL(url);
  template.pathname = TEMPLATE;
  await migrate(template.href, { directory: path.join(projectRoot(), 'server/store/migrations') });
  return url.href;
}

function databasesBeside(url: string): Promise<string[]> {
  return onDatabase(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where datname like 'test_%' order by datname`,
    );
    return rows.map((row) => row.datname);
  });
}

/** Connects, works, disconnects. */
export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
