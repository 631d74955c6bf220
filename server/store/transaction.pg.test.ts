import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { openPool } from './open-pool.ts';
import { BEGIN, inTransaction } from './transaction.ts';

let database: TestDatabase;
let writing: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  writing = openPool({ connectionString: database.url, max: 1 });
  await writing.query('create table seen (n integer)');
});
beforeEach(() => writing.query('truncate seen'));
afterAll(async () => {
  await writing.end();
  await database.drop();
});

async function withPool(pipeline: boolean, work: (pool: pg.Pool) => Promise<void>): Promise<void> {
  const pool = openPool({ connectionString: database.url, max: 1, pipeline });
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}

const count = async (client: pg.PoolClient) =>
  Number((await client.query('select count(*) as n from seen')).rows[0]?.n);

test.each([
  ['one after the other', false],
  ['pipelined', true],
] as const)('%s: what is read in a transaction is of one instant, and nothing is written', (_name, pipeline) =>
  withPool(pipeline, async (pool) => {
    const read = await inTransaction(
      pool,
      async (client) => {
        const before = await count(client);
        await writing.query('insert into seen values (1)');
        return [before, await count(client)];
      },
      BEGIN.reading,
    );
    expect(read).toEqual([0, 0]);
    const writes = inTransaction(pool, (client) => client.query('insert into seen values (2)'), BEGIN.reading);
    await expect(writes).rejects.toMatchObject({ code: '25006' });
    expect(await inTransaction(pool, count, BEGIN.prepared)).toBe(1);
  }),
);

test.each([
  ['one after the other', false],
  ['pipelined', true],
] as const)(
  '%s: of what is asked together the first error is told, and the next who asks is not in its transaction',
  (_name, pipeline) =>
    withPool(pipeline, async (pool) => {
      const failing = inTransaction(
        pool,
        (client) => Promise.all([count(client), client.query('select 1 / 0'), count(client)]),
        BEGIN.reading,
      );
      await expect(failing).rejects.toMatchObject({ code: '22012' });
      await expect(inTransaction(pool, count, BEGIN.reading)).resolves.toBe(0);
    }),
);

test('pipelined: a connection that is lost before the begin is answered rejects what was asked with it', () =>
  withPool(true, async (pool) => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    client.release();
    const lost = inTransaction(
      pool,
      (each) =>
        Promise.all([
          each.query('select pg_sleep(60)'),
          writing.query('select pg_terminate_backend($1)', [rows[0]?.pid]),
        ]),
      BEGIN.reading,
    );
    await expect(lost).rejects.toThrow();
    await expect(inTransaction(pool, count, BEGIN.reading)).resolves.toBe(0);
  }));
