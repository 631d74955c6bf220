import { expect, test } from 'vitest';
import type { ConsumerGroup } from '../../model/consumer-group-wire.ts';
import { servicesOfGroups } from '../../model/group-service.ts';
import { stallGroups } from './stall-groups.ts';

const group = (name: string, members: number | null, lag: string | null = '0', own = false): ConsumerGroup => ({
  ...{ group: name, own, type: 'classic', protocol_type: 'consumer', state: 'Stable', undescribable: null },
  ...{ trouble: null, member_count: members, members: [], first_seen_at: '', topics: [] },
  ...{ lag, lag_s: null, lag_s_within: null },
});

const servicesOf = servicesOfGroups(['bridge', 'bridge-audit'], () => null);

test('groups of the service come first, then those that cannot act, then by lag; the tap’s own is left out', () => {
  const told = stallGroups(
    [
      group('audit', 1, '3'),
      group('billing', 1, '12'),
      group('idle', 0, '1'),
      group('bridge-audit-copy', 0, '2'),
      group('dev.bridge.persist', 2, '900'),
      group('dev.bridge.copy', 0, '5'),
      group('tap', 3, '0', true),
    ],
    { service: 'bridge', declared: null, servicesOf },
  );
  expect(told.map(({ group: name, state }) => [name, state])).toEqual([
    ['dev.bridge.copy', 'silent'],
    ['dev.bridge.persist', 'active'],
    ['bridge-audit-copy', 'silent'],
    ['idle', 'silent'],
    ['billing', 'active'],
    ['audit', 'active'],
  ]);
});

test('a declared group is named also where nobody has seen it', () => {
  const declared = { service: 'bridge', declared: 'dev.bridge.persist', servicesOf };
  expect(stallGroups([group('audit', 1)], declared)).toMatchObject([
    { group: 'dev.bridge.persist', state: 'absent', of_service: true, members: null },
    { group: 'audit', of_service: false },
  ]);
  expect(stallGroups([group('dev.bridge.persist', 0)], declared)).toMatchObject([
    { state: 'silent', of_service: true },
  ]);
});
