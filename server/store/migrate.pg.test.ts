import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'throughline-migrations-'));
  await cp(new URL('migrations', import.meta.url), directory, { recursive: true });
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

test('of processes that start at once, one applies a migration and all go on', async () => {
  await writeFile(path.join(directory, '000900.sql'), 'create table made_once (id integer)');
  const answers = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, { directory })));
  expect(answers.flat()).toEqual([900]);
});

test('a migration that fails is undone as a whole', async () => {
  await writeFile(path.join(directory, '000901.sql'), 'create table half (id integer); select 1 / 0');
  await expect(migrate(database.url, { directory })).rejects.toMatchObject({ code: '22012' });
  await rm(path.join(directory, '000901.sql'));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(`select to_regclass('half') as half`);
  await client.end();
  expect(rows).toEqual([{ half: null }]);
});

test('a changed migration is refused', async () => {
  await writeFile(path.join(directory, '000900.sql'), 'create table made_twice (id integer)');
  await expect(migrate(database.url, { directory })).rejects.toMatchObject({ code: 'migration_changed' });
});

test('a database newer than the code is refused', async () => {
  await rm(path.join(directory, '000900.sql'));
  await expect(migrate(database.url, { directory })).rejects.toMatchObject({ code: 'database_newer' });
});
