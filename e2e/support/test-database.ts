import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { onDatabase, TEMPLATE } from './private-postgres.ts';
import { until } from './until.ts';

/** An empty database at the newest migration, of one test file alone. */
export interface TestDatabase {
  /** Of a role that owns it and is no superuser. */
  readonly url: string;
  /** Call it in `afterAll`, after ending every pool. Throws when a connection was left open, and drops it all the same. */
  drop(): Promise<void>;
}

/** A pool that was ended says goodbye without waiting for the server to hear it. */
const GOODBYE_MS = 2000;

/** Clones the run's template database; takes some 30 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onDatabase(server, (client) => client.query(`create database ${name} template ${TEMPLATE}`));
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, drop: () => drop(server, name) };
}

async function drop(server: string, name: string): Promise<void> {
  await onDatabase(server, async (client) => {
    let open: string[] = [];
    const connections = async (): Promise<string[]> => {
      const { rows } = await client.query<{ what: string }>(
        `select format('%s, %s: %s', application_name, state, query) as what from pg_stat_activity where datname = $1`,
        [name],
      );
      return rows.map((row) => row.what);
    };
    const closed = async (): Promise<boolean> => {
      open = await connections();
      return open.length === 0;
    };
    await until('connections to close', closed, { timeoutMs: GOODBYE_MS, everyMs: 10 }).catch(() => undefined);
    await client.query(`drop database ${name} with (force)`);
    if (open.length > 0) throw new Error(`a pool or client was left open:\n${open.join('\n')}`);
  });
}
