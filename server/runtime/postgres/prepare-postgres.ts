import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { processEnv } from '../supervise/process-env.ts';
import { embeddedUrl } from './embedded-url.ts';
import { endOrphans } from './end-orphans.ts';
import { copyBinaries, findBinaries, type PostgresBinaries } from './find-binaries.ts';
import {
  canRead,
  firstBlocked,
  giveTo,
  letOthersPass,
  PostgresUserError,
  postgresUser,
  type UnixUser,
} from './postgres-user.ts';

export interface PreparePostgresOptions {
  /** Ours alone: holds the cluster and its password. */
  readonly dataDir: string;
  /** `dataDir` or a folder above it that is ours as well: modes up to here may be widened so that PostgreSQL's user passes. */
  readonly ownRoot?: string;
  /** The binaries are copied here when PostgreSQL's user cannot reach `node_modules`. */
  readonly cacheDir: string;
  /** A free loopback port; may differ from start to start. */
  readonly port: number;
  /** Only for tests: a power cut may then lose everything. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
  /** `sharedBuffersMb()` of the memory there is, unless set. */
  readonly sharedBuffersMb?: number;
}

/** A PostgreSQL that is ready to be spawned. */
export interface PreparedPostgres {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** With its password. */
  readonly url: string;
  readonly version: string;
  /** Ends what a killed predecessor left in the folder. Call before every spawn. */
  readonly clear: () => Promise<void>;
  /** Resolves once it answers queries; rejects with the signal's reason. */
  readonly waitReady: (signal: AbortSignal) => Promise<void>;
}

/** The cluster could not be made. `message` is a sentence, `output` what initdb said. */
export class PostgresSetupError extends Error {
  readonly code = 'postgres_setup';
}

const LOCALE = { LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };

/**
 * Finds the binaries, makes the cluster in a new folder (its own random password, SCRAM, loopback only), and answers how
 * to run it. Works as root too: PostgreSQL then runs as the user `postgres`.
 */
export async function preparePostgres(options: PreparePostgresOptions): Promise<PreparedPostgres> {
  const user = await postgresUser();
  await mkdir(options.dataDir, { recursive: true });
  if (user !== null) await openTheWay(options.dataDir, options.ownRoot ?? options.dataDir);
  const binaries = await reachableBinaries(user, options.cacheDir);
  const cluster = path.join(options.dataDir, 'cluster');
  const password = await keepPassword(path.join(options.dataDir, 'password'));
  await rm(path.join(options.dataDir, 'cluster.new'), { recursive: true, force: true });
  if (!(await exists(path.join(cluster, 'PG_VERSION'))))
    await makeCluster(binaries, user, options.dataDir, cluster, password);
  if (user !== null) await giveTo(user, cluster);
  const url = embeddedUrl({ password, port: options.port });
  return {
    command: binaries.postgres,
    args: ['-D', cluster, ...settings(options)],
    env: LOCALE,
    uid: user?.uid,
    gid: user?.gid,
    url,
    version: binaries.version,
    clear: () => endOrphans(cluster),
    waitReady: (signal) => untilItAnswers(url, signal),
  };
}

/** For a machine that also runs Kafka and Node: little memory, few checkpoints. fsync stays on. */
/** An eighth of the machine's memory: half of what PostgreSQL's manual gives to one that has it to itself. */
export function sharedBuffersMb(memoryBytes: number): number {
  return Math.min(4096, Math.max(128, Math.floor(memoryBytes / 8 / 2 ** 20)));
}

/** What the machine has, or what a container may use of it. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function settings(options: PreparePostgresOptions): string[] {
  const fsync = options.fsync ?? true;
  const values = {
    port: options.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 100,
    shared_buffers: `${options.sharedBuffersMb ?? sharedBuffersMb(memoryBytes())}MB`,
    maintenance_work_mem: '64MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: 1.1,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(!fsync && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** In a folder beside, renamed when whole: an interrupted initdb is simply done again. */
async function makeCluster(
  binaries: PostgresBinaries,
  user: UnixUser | null,
  dataDir: string,
  cluster: string,
  password: string,
): Promise<void> {
  const fresh = `${cluster}.new`;
  const passwordFile = path.join(dataDir, 'password.initdb');
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== null) for (const place of [fresh, passwordFile]) await chown(place, user.uid, user.gid);
  const args = [`--pgdata=${fresh}`, '--username=throughline', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('--encoding=UTF8', '--locale=C', '--no-instructions');
  try {
    await promisify(execFile)(binaries.initdb, args, { ...user, env: processEnv(LOCALE), cwd: '/', timeout: 120_000 });
    await rename(fresh, cluster);
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n').at(-1) : '';
    throw new PostgresSetupError(`PostgreSQL could not set up ${cluster}: ${output}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function keepPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^[0-9a-f]{48}$/.test(kept.trim())) return kept.trim();
  const made = randomBytes(24).toString('hex');
  await writeFile(`${file}.new`, `${made}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return made;
}

/** Lets PostgreSQL's user pass through our own folders; a parent that blocks is not ours to change. */
async function openTheWay(dataDir: string, ownRoot: string): Promise<void> {
  for (const own of new Set([ownRoot, dataDir])) await letOthersPass(own);
  const blocked = await firstBlocked(dataDir);
  if (blocked === null) return;
  throw new PostgresUserError(
    `As root, PostgreSQL runs as the user "postgres", who may not pass through ${blocked}. ` +
      `Run chmod o+x ${blocked}, or set THROUGHLINE_DATA_DIR to another folder.`,
  );
}

async function reachableBinaries(user: UnixUser | null, cacheDir: string): Promise<PostgresBinaries> {
  const found = await findBinaries();
  if (user === null || (await canRead(user, found.postgres))) return found;
  const copied = await copyBinaries(found, cacheDir);
  if (await canRead(user, copied.postgres)) return copied;
  throw new PostgresUserError(
    `The user "postgres" can reach neither ${found.root} nor ${copied.root}. Set THROUGHLINE_CACHE_DIR to a folder that everybody may pass.`,
  );
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

async function untilItAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch {
      await wait(50, undefined, { signal });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
