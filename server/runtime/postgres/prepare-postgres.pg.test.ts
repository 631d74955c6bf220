import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { survivors } from '../supervise/child-record.ts';
import { createSupervisor, type Supervisor } from '../supervise/create-supervisor.ts';
import { rememberedPorts } from '../supervise/free-ports.ts';
import { postgresChild } from './postgres-child.ts';
import { type PreparedPostgres, preparePostgres } from './prepare-postgres.ts';

let root: string;
let prepared: PreparedPostgres;
let supervisor: Supervisor;
const said: string[] = [];

const at = (name: string): string => path.join(root, name);
const prepare = async (): Promise<PreparedPostgres> => {
  const { postgres: port } = await rememberedPorts(at('ports.json'), ['postgres']);
  return preparePostgres({ dataDir: at('postgres'), ownRoot: root, cacheDir: at('cache'), port });
};
const supervise = (): Supervisor =>
  createSupervisor({ recordFile: at('children.json'), logDir: root, say: (line) => said.push(line) });

beforeAll(async () => {
  // mkdtemp makes 0700, which PostgreSQL's own user cannot pass when we are root.
  root = mkdtempSync(path.join(tmpdir(), 'runtime-postgres-'));
  prepared = await prepare();
  supervisor = supervise();
  await supervisor.start(postgresChild(prepared));
}, 60_000);

afterAll(async () => {
  await supervisor.stop(10_000);
  rmSync(root, { recursive: true, force: true });
});

async function ask(sql: string, url = prepared.url): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function pid(): number {
  return survivors(at('children.json'))[0]?.pid ?? 0;
}

test('it asks for a random password that only we can read, and listens on loopback alone', async () => {
  expect(statSync(at('postgres/password')).mode & 0o777).toBe(0o600);
  await expect(ask('select 1', prepared.url.replace(/:[0-9a-f]{48}@/, ':wrong@'))).rejects.toMatchObject({
    code: '28P01',
  });
  expect(await ask('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await ask('show fsync')).toEqual([{ fsync: 'on' }]);
});

test('after kill -9 of the server it is back with what was committed', async () => {
  await ask('create table kept (id int); insert into kept values (7)');
  const before = pid();
  process.kill(before, 'SIGKILL');
  await expect.poll(() => said.includes('PostgreSQL is back.'), { timeout: 20_000 }).toBe(true);
  expect(pid()).not.toBe(before);
  expect(await ask('select id from kept')).toEqual([{ id: 7 }]);
});

test('prepared again it keeps cluster and password, and takes over a server whose supervisor was killed', async () => {
  const password = await readFile(at('postgres/password'), 'utf8');
  const orphan = pid();
  const again = await preparePostgres({
    dataDir: at('postgres'),
    ownRoot: root,
    cacheDir: at('cache'),
    port: Number(new URL(prepared.url).port),
  });
  expect(again.url).toBe(prepared.url);
  expect(await readFile(at('postgres/password'), 'utf8')).toBe(password);
  await again.clear();
  // It is this process's child: until its end has been heard of, its number still stands for it.
  await expect.poll(() => isThere(orphan), { timeout: 20_000 }).toBe(false);
  // The supervisor, which still lives in this test, starts it anew.
  await expect.poll(() => ask('select id from kept').catch(() => null), { timeout: 20_000 }).toEqual([{ id: 7 }]);
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
