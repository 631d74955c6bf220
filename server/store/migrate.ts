import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { LOCKS } from './locks.ts';
import { type Queryable, transactionOn } from './transaction.ts';

/** The database and the migrations of this version do not fit together. */
export class MigrationError extends Error {
  readonly code: 'migration_changed' | 'database_newer' | 'migration_missing';

  constructor(code: MigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/**
 * Brings a database to this version: runs the numbered files of `directory` that it does not have yet, each in its own
 * transaction. Safe to race: an advisory lock lets one process run them while others wait. Answers the numbers that
 * were applied. Throws `MigrationError` when an applied file was changed or the database is newer than the files.
 */
export async function migrate(
  database: string | Queryable,
  { directory }: { readonly directory: string },
): Promise<readonly number[]> {
  const files = await readMigrations(directory);
  if (typeof database !== 'string') return migrateOn(database, files);
  const client = new pg.Client({ connectionString: database });
  // A connection that drops rejects the query in hand; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await migrateOn(client, files);
  } finally {
    await client.end();
  }
}

async function migrateOn(client: Queryable, files: readonly MigrationFile[]): Promise<number[]> {
  await client.query('select pg_advisory_lock($1, 0)', [LOCKS.migrate]);
  try {
    const applied = await readApplied(client);
    refuseMismatch(files, applied);
    const missing = files.filter((file) => !applied.has(file.number));
    for (const file of missing) await apply(client, file);
    return missing.map((file) => file.number);
  } finally {
    await client.query('select pg_advisory_unlock($1, 0)', [LOCKS.migrate]);
  }
}

async function readApplied(client: Queryable): Promise<Map<number, { name: string; sha256: string }>> {
  await client.query(`create table if not exists migration (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now()
  )`);
  const { rows } = await client.query<{ number: number; name: string; sha256: string }>(
    'select number, name, sha256 from migration',
  );
  return new Map(rows.map((row) => [row.number, row]));
}

async function apply(client: Queryable, file: MigrationFile): Promise<void> {
  await transactionOn(client, async () => {
    await client.query(file.sql);
    await client.query('insert into migration (number, name, sha256) values ($1, $2, $3)', [
      file.number,
      file.name,
      file.sha256,
    ]);
  });
}

function refuseMismatch(files: readonly MigrationFile[], applied: ReadonlyMap<number, { sha256: string }>): void {
  const newest = Math.max(0, ...files.map((file) => file.number));
  const newestApplied = Math.max(0, ...applied.keys());
  if (newestApplied > newest) {
    throw new MigrationError(
      'database_newer',
      `The database is at migration ${newestApplied}, this version of Throughline knows ${newest}. Start the newer version, or use another database.`,
    );
  }
  for (const file of files) {
    const stored = applied.get(file.number);
    if (stored === undefined && file.number < newestApplied) {
      throw new MigrationError('migration_missing', `Migration ${file.name} was never applied, but later ones were.`);
    }
    if (stored !== undefined && stored.sha256 !== file.sha256) {
      throw new MigrationError(
        'migration_changed',
        `Migration ${file.name} was changed after it was applied to this database. Applied migrations never change: restore the file, and put the change into a new one.`,
      );
    }
  }
}

async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{6}\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      // Line ends as git stores them, so that a checkout with CRLF is the same migration.
      const sql = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number: Number(name.slice(0, 6)), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
