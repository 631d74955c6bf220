import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnership, type OwnershipRules } from '../../model/ownership.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { readOwners, whoseIs } from './owners.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  await store.topic('metrics');
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n, { service: 'shop' }),
      eventOf(place, 1n, { service: 'archon-bridge' }),
      eventOf(place, 2n, { service: 'stranger' }),
    ]),
  );
});
afterAll(() => store.close());

const RULES: OwnershipRules = {
  owners: [
    { team: 'sales', contact: '#sales', runBook: 'https://wiki/sales', services: ['shop'], topics: ['^ord'] },
    { team: 'intelligence', contact: null, runBook: null, services: ['omniarchon'], topics: [] },
  ],
  systems: [{ name: 'omniarchon', services: ['archon-bridge'] }],
};

test('what was seen is listed with whose it is, and apart what is nobody’s', async () => {
  const found = await readOwners(store.pool, 1, RULES, createOwnership(RULES));
  expect(found.owners.map(({ team, owns }) => [team, owns])).toEqual([
    ['sales', { services: ['shop'], topics: ['orders'] }],
    ['intelligence', { services: ['archon-bridge'], topics: [] }],
  ]);
  expect(found.systems).toEqual([{ name: 'omniarchon', services: ['archon-bridge'], seen: ['archon-bridge'] }]);
  expect(found.unowned).toEqual({ services: ['stranger'], topics: ['metrics'] });
  expect(found.more_seen).toBe(false);
});

test('a service goes before its topic, and no owner is an answer', () => {
  const ownership = createOwnership(RULES);
  expect(whoseIs(ownership, { service: 'stranger', topic: 'orders' })).toEqual({
    ...{ service: 'stranger', system: null, owner: null },
  });
  expect(whoseIs(ownership, { service: null, topic: 'orders' }).owner?.team).toBe('sales');
});
