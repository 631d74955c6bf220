import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../e2e/support/until.ts';
import { SECRET, startReceiver } from '../../e2e/support/webhook-receiver.ts';
import { migrateJobs } from '../jobs/migrate-jobs.ts';
import { writeFileReceivers } from '../store/deliveries/file-receivers.ts';
import { createReceivers } from '../store/deliveries/receiver-store.ts';
import { scheduleNotices } from '../store/notices/schedule-notices.ts';
import { openStore, type TestStore } from '../store/store.test-support.ts';
import { inTransaction } from '../store/transaction.ts';
import { noticeOf, RULES, receiverOf } from './telling.test-support.ts';

let store: TestStore;
let folder: string;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  store = await openStore();
  await migrateJobs(store.database.url);
  folder = mkdtempSync(path.join(tmpdir(), 'killed-tap-'));
  await build({
    stdin: {
      contents: `
        import { tapOn } from './telling.test-support.ts';
        tapOn(process.argv[2], { retryMs: Array.from({ length: 50 }, () => 20), heldMs: 1000 });`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    outfile: path.join(folder, 'tap.cjs'),
    ...{ bundle: true, platform: 'node', format: 'cjs', packages: 'external', logLevel: 'error' },
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  await until('the processes to be gone', async () => children.size === 0);
  await store.close();
});

/** A process that sends, of its own. */
function spawnTap(): ChildProcess {
  const child = spawn(process.execPath, [path.join(folder, 'tap.cjs'), store.database.url], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_PATH: path.resolve(import.meta.dirname, '../../node_modules') },
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

test('kill -9 of the sending process again and again: every transition arrives, repeats only under the same id', async () => {
  const receivers = createReceivers({ pool: store.pool, workspaceId: 1, bodyOf: RULES.bodyOf });
  const taps = [spawnTap(), spawnTap()];
  const kills = new Set([4, 11, 19, 30, 38]);
  const taken = new Set<string>();
  const hook = await startReceiver((response, got, count) => {
    if (kills.has(count)) {
      // It was sent, and is not noted: nobody answers, and one of the two dies.
      taps.shift()?.kill('SIGKILL');
      taps.push(spawnTap());
      return;
    }
    if (count % 2 === 0) return response.writeHead(500).end();
    taken.add(got.id);
    response.end();
  });
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', hook.url)]);
  for (let n = 0; n < 25; n += 1) {
    const say = (status: 'firing' | 'resolved') =>
      inTransaction(store.pool, (client) =>
        scheduleNotices(client, 1, [noticeOf(`q${n}`, { status, endsAt: status === 'resolved' ? 2_000 : null })]),
      );
    await say('firing');
    await say('resolved');
  }
  const log = async () => (await receivers.deliveries({ limit: 200 })).deliveries;
  await until(
    'everything to be told',
    async () => {
      const all = await log();
      const ends = all.flatMap(({ alerts }) => alerts.filter(({ status }) => status === 'resolved'));
      return ends.length >= 25 && all.every(({ state }) => state === 'delivered');
    },
    { timeoutMs: 120_000 },
  );
  const all = await log();
  // Once each: no notification was made twice, by whichever process.
  const told = all.flatMap(({ alerts }) => alerts.map(({ fingerprint, status }) => `${fingerprint} ${status}`));
  expect(told).toHaveLength(new Set(told).size);
  expect(new Set(told.filter((each) => each.endsWith('resolved')))).toHaveProperty('size', 25);
  // What the log says arrived, and nothing else did.
  expect(taken).toEqual(new Set(all.map(({ id }) => id)));
  const texts = new Map<string, string>();
  for (const { id, text, headers } of hook.got) {
    expect(texts.get(id) ?? text).toBe(text);
    texts.set(id, text);
    new Webhook(SECRET).verify(text, headers as Record<string, string>);
  }
  expect(new Set(texts.keys())).toEqual(taken);
  expect(hook.got.length).toBeGreaterThan(38);
  await hook.close();
}, 150_000);
