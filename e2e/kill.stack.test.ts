import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../server/config/project-root.ts';
import type { Coverage, TraceList } from '../server/model/wire.ts';
import { producedRecords } from './support/produced-records.ts';
import { compareRecords } from './support/record-identity.ts';
import { type StartedProduct, startBuiltProduct } from './support/started-product.ts';
import { storedRecords } from './support/stored-records.ts';
import { until } from './support/until.ts';

/** The demo runs beside the product here, not under it, so that it can be ended before the sets are compared. */
const demo: ChildProcess[] = [];
let product: StartedProduct;

beforeAll(async () => {
  product = await startBuiltProduct(['--no-demo']);
  for (const name of ['persist', 'answer', 'ask']) {
    const file = path.join(projectRoot(), 'dist', 'demo', `${name}.js`);
    const args = [file, '--brokers', product.brokers, '--rate', '240'];
    demo.push(spawn(process.execPath, args, { stdio: 'ignore' }));
  }
  await until('the first traces', async () => (await traces()).traces.length > 3, { timeoutMs: 60_000 });
});

afterAll(async () => {
  for (const child of demo) child.kill('SIGKILL');
  await product?.stop();
});

it.each(['tap', 'web', 'PostgreSQL', 'tap', 'Kafka'])('comes back by itself after a kill -9 of %s', async (name) => {
  const before = product.pidOf(name);
  if (before === null) throw new Error(`${name} is not running`);
  const newest = (await traces()).traces[0]?.started_at ?? '';
  process.kill(before, 'SIGKILL');
  await until(`another ${name}`, async () => ![null, before].includes(product.pidOf(name)), { timeoutMs: 60_000 });
  await until('traces that began since', async () => ((await traces()).traces[0]?.started_at ?? '') > newest, {
    timeoutMs: 90_000,
  });
});

it('has then stored exactly what was produced, nothing missing and nothing twice', async () => {
  for (const child of demo) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  const topics = await until('everything to be read', async () => {
    const coverage = (await get('/coverage')) as Coverage;
    const all = coverage.partitions;
    return all.length > 0 && all.every((one) => one.lag === '0') ? [...new Set(all.map((one) => one.topic))] : null;
  });
  const pool = new pg.Pool({ connectionString: product.databaseUrl, max: 1 });
  try {
    const produced = await producedRecords(product.brokers, topics);
    const stored = await until('all of it to be stored', async () => {
      const found = await storedRecords(pool, topics);
      return found.length >= produced.length ? found : null;
    });
    process.stdout.write(`compared ${produced.length} produced with ${stored.length} stored records\n`);
    expect(produced.length).toBeGreaterThan(100);
    expect(compareRecords(produced, stored)).toEqual({ missing: [], foreign: [], double: [] });
  } finally {
    await pool.end();
  }
});

async function get(pathAndQuery: string): Promise<unknown> {
  const answer = await fetch(`${product.url}/api/v1${pathAndQuery}`);
  if (!answer.ok) throw new Error(`${pathAndQuery} answered ${answer.status}`);
  return answer.json();
}

async function traces(): Promise<TraceList> {
  return (await get('/traces?limit=20')) as TraceList;
}
