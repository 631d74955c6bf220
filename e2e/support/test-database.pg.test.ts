import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from './test-database.ts';

test('each database starts migrated and empty, and none sees what another stored', async () => {
  const [one, other] = [await testDatabase(), await testDatabase()];
  const pools = [one, other].map(({ url }) => new pg.Pool({ connectionString: url }));
  const [first, second] = pools as [pg.Pool, pg.Pool];
  await first.query('create table only_here (n integer)');
  await expect(second.query('select from only_here')).rejects.toMatchObject({ code: '42P01' });
  const { rows } = await second.query('select number from migration order by number limit 1');
  expect(rows).toEqual([{ number: 1 }]);
  await Promise.all(pools.map((pool) => pool.end()));
  await one.drop();
  await other.drop();
});

test('tests have no superuser rights', async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user');
  expect(rows).toEqual([{ rolsuper: false }]);
  await client.end();
  await database.drop();
});

test('a pool that was left open fails the drop, and the database is gone all the same', async () => {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  await pool.query('select 42');
  await expect(database.drop()).rejects.toThrow('select 42');
  await expect(pool.query('select 1')).rejects.toThrow();
  await pool.end();
});
