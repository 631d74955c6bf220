import { expect, test } from 'vitest';
import type { ConsumerGroup } from '../../model/consumer-group-wire.ts';
import { nameHolds, stallGroups } from './stall-groups.ts';

const group = (name: string, members: number | null, lag: string | null = '0', own = false): ConsumerGroup => ({
  ...{ group: name, own, type: 'classic', protocol_type: 'consumer', state: 'Stable', undescribable: null },
  ...{ trouble: null, member_count: members, members: [], first_seen_at: '', topics: [] },
  ...{ lag, lag_s: null, lag_s_within: null },
});

test.each([
  ['demo.omninode-bridge.persist.consume.v1', 'omninode-bridge', true],
  ['demo.omninode_bridge.persist', 'omninode-bridge', true],
  ['DEV.Omninode.Bridge.x', 'omninode-bridge', true],
  ['demo.omninode.my-bridge', 'omninode-bridge', false],
  ['demo.archon-bridge.stamp', 'omninode-bridge', false],
  ['demo.bridges.x', 'bridge', false],
  ['anything', '--', false],
])('the name of %s holds %s: %s', (name, service, holds) => {
  expect(nameHolds(name, service)).toBe(holds);
});

test('groups of the service come first, then those that cannot act, then by lag; the tap’s own is left out', () => {
  const told = stallGroups(
    [
      group('audit', 1, '3'),
      group('billing', 1, '12'),
      group('idle', 0, '1'),
      group('dev.bridge.persist', 2, '900'),
      group('dev.bridge.copy', 0, '5'),
      group('tap', 3, '0', true),
    ],
    { service: 'bridge', declared: null },
  );
  expect(told.map(({ group: name, state }) => [name, state])).toEqual([
    ['dev.bridge.copy', 'silent'],
    ['dev.bridge.persist', 'active'],
    ['idle', 'silent'],
    ['billing', 'active'],
    ['audit', 'active'],
  ]);
});

test('a declared group is named also where nobody has seen it', () => {
  const declared = { service: 'bridge', declared: 'dev.bridge.persist' };
  expect(stallGroups([group('audit', 1)], declared)).toMatchObject([
    { group: 'dev.bridge.persist', state: 'absent', of_service: true, members: null },
    { group: 'audit', of_service: false },
  ]);
  expect(stallGroups([group('dev.bridge.persist', 0)], declared)).toMatchObject([
    { state: 'silent', of_service: true },
  ]);
});
