import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { createFieldSample } from '../../pipeline/field-sample.ts';
import { createDriftReader } from '../../runtime/drift-reader.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createFieldCounts } from './field-counts.ts';

const HOUR_US = 3_600_000_000;

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
}, 60_000);
afterAll(() => store.close());

test('a field that a service begins to send is told from what was stored, with an event that has it', async () => {
  const place = await store.topic('orders');
  const clock = { ms: NOON / 1000 };
  const sample = createFieldSample(() => clock.ms);
  let offset = 0n;
  for (let hour = 0; hour < 4; hour += 1) {
    clock.ms = NOON / 1000 + (hour * HOUR_US) / 1000;
    const events = Array.from({ length: 60 }, (_, n) => {
      const service = n % 2 === 0 ? 'shop' : 'web';
      const body = { id: `${offset}`, ...(hour > 1 && service === 'web' && { coupon: 'x' }) };
      const type = n % 10 === 9 ? 'order.lost' : 'order.placed';
      return eventOf(place, offset++, { type, service, fields: sample({ eventType: type, service }, body) });
    });
    await store.ingest.storeBatch(batchOf(place, events, micros(NOON + hour * HOUR_US + 1_000_000)));
  }
  const counts = createFieldCounts({ pool: store.pool, workspaceId: 1 });
  const drift = createDriftReader(counts);
  const range = { from: micros(NOON + HOUR_US), to: micros(NOON + 4 * HOUR_US) };
  const list = await drift(range);
  expect(list.drifts).toEqual([
    {
      ...{ event_type: 'order.placed', path: '/coupon', kind: 'appeared', since: '2026-03-01T14:00:01.000000Z' },
      sentence: '“/coupon” appeared, as string: in 48 of 108 events, and in none of 108 before.',
      before: { events: 108, present: 0, types: [] },
      now: { events: 108, present: 48, types: ['string'] },
      services: ['web'],
      samples: { before: 'test/orders~1/0/118', now: 'test/orders~1/0/237' },
    },
  ]);
  expect(list.event_types).toEqual({ sampled: 2, judged: 1 });
  expect((await drift({ ...range, eventType: 'order.lost' })).event_types).toEqual({ sampled: 1, judged: 0 });
  expect(await createDriftReader(createFieldCounts({ pool: store.pool, workspaceId: 2 }))(range)).toMatchObject({
    drifts: [],
    sampled_events: '0',
  });
  expect((await drift({ from: micros(NOON + 9 * HOUR_US), to: micros(NOON + 10 * HOUR_US) })).drifts).toEqual([]);
});
