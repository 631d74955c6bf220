import type pg from 'pg';
import { openPool } from '../store/open-pool.ts';

/** Connections of one web process: pages and API share them; one listens for frames. */
const POOL_SIZE = 8;
/** A page waits no longer for a connection; the answer then says that the database is away. */
const CONNECT_MS = 3000;
const STATEMENT_MS = 15_000;

/** The database of a web process, with a way to ask whether it answers. */
export interface WebDatabase {
  readonly pool: pg.Pool;
  /** Null when it answers and has our tables, else a plain sentence with its address, never its password. */
  trouble(): Promise<string | null>;
  close(): Promise<void>;
}

/**
 * Opens nothing by itself: connections are made when they are needed. `say` gets one line when the database turns out to
 * be away, and one when it answers again, however often it is asked in between.
 */
export function createWebDatabase(databaseUrl: string, say: (line: string) => void): WebDatabase {
  const common = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 1000,
    keepAlive: true,
  };
  // Pipelined: what does not wait for another answer is asked in one round trip, which on a busy machine is two waits for a core.
  const pool = openPool({ ...common, max: POOL_SIZE, pipeline: true, application_name: 'throughline web' });
  // Its own connection, so that a busy pool is not taken for a database that is away.
  const probe = openPool({
    ...common,
    max: 1,
    query_timeout: CONNECT_MS,
    application_name: 'throughline web probe',
  });
  // An idle connection that is lost is no news: the next request makes a new one or says what is wrong.
  for (const each of [pool, probe]) each.on('error', () => undefined);
  const where = addressOf(databaseUrl);

  let said: string | null = null;

  const ask = async (): Promise<string | null> => {
    try {
      const { rows } = await probe.query<{ ready: boolean }>(`select to_regclass('event') is not null as ready`);
      if (rows[0]?.ready === true) return null;
      return `PostgreSQL at ${where} has no tables of Throughline yet; npm start makes them.`;
    } catch (error) {
      return `PostgreSQL at ${where} does not answer (${reasonOf(error)}). It is tried again at every request.`;
    }
  };

  return {
    pool,
    async trouble() {
      const trouble = await ask();
      if (trouble !== said) say(trouble ?? `PostgreSQL at ${where} answers again.`);
      said = trouble;
      return trouble;
    },
    async close() {
      await Promise.all([pool.end(), probe.end()]);
    },
  };
}

/** Host and port alone. A socket folder stands in the query of the address. */
function addressOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.hostname || url.searchParams.get('host') || 'localhost'}:${url.port || 5432}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no answer in time';
}
