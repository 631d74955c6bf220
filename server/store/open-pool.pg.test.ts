import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { openPool } from './open-pool.ts';
import { BEGIN, inTransaction } from './transaction.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

test('a transaction that nobody goes on with gives its rows back to those who wait for them', async () => {
  const frozen = openPool({ connectionString: database.url, idle_in_transaction_session_timeout: 200 });
  const other = openPool({ connectionString: database.url });
  const client = await frozen.connect();
  await client.query(`begin; update workspace set slug = 'frozen' where id = 1`);
  await other.query(`update workspace set slug = 'other' where id = 1`);
  await expect(client.query('commit')).rejects.toThrow();
  expect((await other.query('select slug from workspace')).rows).toEqual([{ slug: 'other' }]);
  client.release(true);
  await Promise.all([frozen.end(), other.end()]);
});

test('every connection bounds how long a transaction may be idle, and what stores bounds each statement too', async () => {
  const pool = openPool({ connectionString: database.url });
  const show = async (name: string, begin: (typeof BEGIN)[keyof typeof BEGIN]) =>
    (await inTransaction(pool, (client) => client.query(`show ${name}`), begin)).rows[0];
  const idle = 'idle_in_transaction_session_timeout';
  expect(await show(idle, BEGIN.plainly)).toEqual({ [idle]: '15s' });
  expect(await show('statement_timeout', BEGIN.lazily)).toEqual({ statement_timeout: '1min' });
  expect(await show('enable_seqscan', BEGIN.prepared)).toEqual({ enable_seqscan: 'off' });
  expect(await show('enable_seqscan', BEGIN.plainly)).toEqual({ enable_seqscan: 'on' });
  await pool.end();
});
