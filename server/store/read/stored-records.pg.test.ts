import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createStoredRecords } from './stored-records.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

test('a stored record is read as the source delivered it, and told apart from one that is absent or gone', async () => {
  const place = await store.topic('orders');
  const value = Buffer.from('{"a":1}');
  const headers = [{ name: Buffer.from('h'), value: null }];
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { value, headers }), eventOf(place, 1n)]));
  const records = createStoredRecords({ pool: store.pool, workspaceId: 1 });
  expect(await records.record('test/orders~1/0/0')).toMatchObject({
    topic: 'orders',
    stored: { partition: 0, incarnation: { id: place.incarnationId, cluster: 'test', topic: 'orders', n: 1 } },
    record: { offset: 0n, key: Buffer.from('key'), value, headers, timestampType: 'CreateTime' },
  });
  for (const id of ['test/orders~1/0/2', 'test/orders~2/0/0', 'test/other~1/0/0', 'no id']) {
    expect(await records.record(id)).toBe('absent');
  }
  await store.pool.query('delete from segment_bytes');
  expect(await records.record('test/orders~1/0/1')).toBe('gone');
});
