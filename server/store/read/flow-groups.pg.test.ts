import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

test('the map shows the groups of others, topics folded into families, with the lag that the groups page shows', async () => {
  const [one, other] = [await store.topic('dev.shop.orders.v1'), await store.topic('dev.shop.orders.v2')];
  await store.pool.query(`
    insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, protocol_type, member_count, members, first_seen_at)
    values (1, ${store.clusterId}, 'a', 'a', 'shop.audit', false, 'consumer', 2, '[]', now()),
      (1, ${store.clusterId}, 'b', 'b', 'ours', true, 'consumer', 1, '[]', now())`);
  for (const { incarnationId } of [one, other]) {
    await store.pool.query(
      `insert into committed_offset (group_id, incarnation_id, partition, committed, seen_at, changed_at)
       select id, $1, 0, 3, now(), now() from consumer_group`,
      [incarnationId],
    );
    await store.pool.query(
      'insert into watermark (incarnation_id, partition, low, high, moved_at) values ($1, 0, 0, 10, now())',
      [incarnationId],
    );
  }
  const { groups } = await store.reads.flow({ from: NOON, to: micros(NOON + 60_000_000) });
  expect(groups).toEqual([{ group: 'shop.audit', topic: 'topic:shop.orders', service: null, members: 2, lag: '14' }]);
  const page = await store.reads.consumerGroups({ includePartitions: false, limit: 10 });
  expect(page.groups.find(({ group }) => group === 'shop.audit')?.lag).toBe('14');
});

test('a group is its service’s on the map where that is on it, else by itself', async () => {
  const [place] = [await store.topic('shop.carts')];
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n, { service: 'shop' }),
      eventOf(place, 1n, { service: 'shop-audit', at: NOON - 9e9 }),
    ]),
  );
  await store.settleAll();
  await store.pool.query(`
    insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, protocol_type, members, first_seen_at)
    select 1, ${store.clusterId}, label::bytea, label::bytea, label, false, 'consumer', '[]', now() from unnest('{dev.shop.pay.v1,shop-audit-2,g-17}'::text[]) label`);
  await store.pool.query(
    `insert into committed_offset (group_id, incarnation_id, partition, committed, seen_at, changed_at)
     select id, $1, 0, 3, now(), now() from consumer_group`,
    [place.incarnationId],
  );
  const reads = store.freshReads(undefined, [{ group: '^g-\\d+$', service: 'Shop' }]);
  const { groups } = await reads.flow({ from: NOON, to: micros(NOON + 60_000_000) });
  const onCarts = groups.filter(({ topic }) => topic === 'topic:shop.carts');
  expect(Object.fromEntries(onCarts.map(({ group, service }) => [group, service]))).toEqual({
    'dev.shop.pay.v1': 'service:shop',
    'g-17': 'service:shop',
    'shop.audit': 'service:shop',
    'shop-audit-2': null,
  });
});
