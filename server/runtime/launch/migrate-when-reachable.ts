import { setTimeout as wait } from 'node:timers/promises';
import { migrateJobs } from '../../jobs/migrate-jobs.ts';
import { MigrationError, migrate } from '../../store/migrate.ts';

/** A database that will not work however long we wait. `message` is one sentence with the remedy. */
export class DatabaseRefusedError extends Error {
  readonly code = 'database_refused';
}

const LONGEST_PAUSE_MS = 30_000;

/**
 * Brings the database to this version. While it cannot be reached, says so once, calls `onAway` once, and tries again
 * with growing pauses until the signal. Throws `DatabaseRefusedError` where waiting is no help.
 */
export async function migrateWhenReachable(options: {
  readonly databaseUrl: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onAway: () => Promise<void>;
}): Promise<void> {
  const place = placeOf(options.databaseUrl);
  for (let pauseMs = 1000; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      await migrate(options.databaseUrl, { directory: options.directory });
      await migrateJobs(options.databaseUrl);
      if (pauseMs > 1000) options.say(`PostgreSQL at ${place} answers.`);
      return;
    } catch (error) {
      const refusal = refusalOf(error, place);
      if (refusal !== null) throw refusal;
      options.say(`PostgreSQL at ${place} does not answer (${codeOf(error)}); trying again in ${pauseMs / 1000} s.`);
      if (pauseMs === 1000) await options.onAway();
      await wait(pauseMs, undefined, { signal: options.signal });
    }
  }
}

/** SQLSTATE classes and network errors that pass by themselves are no refusal. */
function refusalOf(error: unknown, place: string): DatabaseRefusedError | null {
  if (error instanceof MigrationError) return new DatabaseRefusedError(error.message, { cause: error });
  const code = codeOf(error);
  const remedies: Record<string, string> = {
    '28P01': 'refuses the password. Correct DATABASE_URL',
    '28000': 'refuses this user. Correct DATABASE_URL or pg_hba.conf',
    '3D000': 'has no such database. Create it, or correct DATABASE_URL',
    '42501': 'does not let this user create tables. Grant CREATE on the schema public, or use another user',
  };
  const remedy = remedies[code];
  if (remedy !== undefined) return new DatabaseRefusedError(`PostgreSQL at ${place} ${remedy}.`, { cause: error });
  const passes = /^(E[A-Z_]+|08...|53...|57...|40...)$/.test(code) || code === 'no answer';
  return passes
    ? null
    : new DatabaseRefusedError(`PostgreSQL at ${place}: ${String(error)} (${code}).`, { cause: error });
}

/** Node's or PostgreSQL's code; the driver's own time-outs and lost connections have none. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer';
}

/** Host and port, without user and password. */
export function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.hostname || 'localhost'}:${url.port || '5432'}`;
}
