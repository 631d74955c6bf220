import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMPTY_TOPOLOGY } from '../../model/trace.ts';
import { keepTopology } from '../../settle/keep-topology.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createTopologyStore } from './topology-store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const asks = await store.topic('dev.shop.asked.v1');
  const answers = await store.topic('dev.shop.answered.v1');
  for (let n = 0; n < 5; n += 1) {
    const correlation = `c-${n}`;
    const ask = { correlation, id: `${n}-a`, type: 'asked', service: 'asker', at: NOON };
    const answer = {
      correlation,
      id: `${n}-b`,
      cause: `${n}-a`,
      type: 'answered',
      service: 'answerer',
      at: NOON + 1000,
    };
    await store.ingest.storeBatch(batchOf(asks, [eventOf(asks, BigInt(n), ask)]));
    await store.ingest.storeBatch(batchOf(answers, [eventOf(answers, BigInt(n), answer)]));
  }
  await store.settleAll();
  await store.pool.query(`
    insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, protocol_type, members, first_seen_at)
    values (1, ${store.clusterId}, 'x', 'x', 'dev.asker.inbox.consume.v1', false, 'consumer', '[]', now()),
      (1, ${store.clusterId}, 'y', 'y', 'asker-own', true, 'consumer', '[]', now())`);
  await store.pool.query(`
    insert into committed_offset (group_id, incarnation_id, partition, committed, seen_at, changed_at)
    select g.id, ${answers.incarnationId}, 0, 3, now(), now() from consumer_group g`);
});
afterAll(() => store.close());

const idOf = async (label: string) =>
  (await store.pool.query<{ id: number }>('select id from name where label = $1', [label])).rows[0]?.id ?? 0;

test('groups say what services read, named causes what follows from what; both are kept with a version', async () => {
  const topologies = createTopologyStore({ pool: store.pool, workspaceId: 1 });
  const kept = keepTopology(topologies, []);
  expect(kept.current()).toBe(EMPTY_TOPOLOGY);
  await kept.refresh();
  const { version, consumes, causeTypes } = kept.current();
  expect(version).toBe(EMPTY_TOPOLOGY.version + 1);
  expect([...(consumes.get(await idOf('asker')) ?? [])]).toEqual(['dev.shop.answered.v1']);
  expect([...(consumes.get(await idOf('answerer')) ?? [])]).toEqual(['dev.shop.asked.v1']);
  expect([...causeTypes]).toEqual([
    [`${await idOf('answerer')}/${await idOf('answered')}`, new Set([await idOf('asked')])],
  ]);
  expect(await topologies.newest()).toEqual(kept.current());
});

test('nothing new makes no new version; of two processes that find the same one keeps it', async () => {
  const topologies = createTopologyStore({ pool: store.pool, workspaceId: 1 });
  const [one, other] = [keepTopology(topologies, []), keepTopology(topologies, [])];
  await Promise.all([one.refresh(), other.refresh()]);
  const before = one.current();
  await store.pool.query(`update consumer_group set gone_at = now() where label like 'dev.asker%'`);
  await Promise.all([one.refresh(), other.refresh()]);
  expect(one.current().version).toBe(before.version + 1);
  expect(other.current()).toEqual(one.current());
  await one.refresh();
  expect(one.current().version).toBe(before.version + 1);
});
