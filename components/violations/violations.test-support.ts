import type { ViolationGroup, ViolationList } from '@/server/model/violation-wire.ts';

const NOW = '2026-03-01T12:00:00.000000Z';

/** A group of the log; a test says what it is about. */
export function groupOf(change: Partial<ViolationGroup> = {}): ViolationGroup {
  return {
    ...{ key: '0123456789abcdef0123456789abcdef', event_type: 'order.placed', topic: 'orders', service: 'shop' },
    whose: { service: 'shop', system: null, owner: null },
    schema: { name: 'order.json', title: 'Order', version: '2', origin: 'operator' },
    schema_since: null,
    ...{ path: '/payload/sku', rule: 'required', sentence: '`payload.sku` is missing', count: 3, share: 0.031 },
    ...{ first_seen: NOW, last_seen: NOW, trend: [1, 2], state: 'new', state_since: null, muted_until: null },
    note: null,
    ...change,
  };
}

/** An answer of the log with these groups. */
export function listOf(
  groups: readonly ViolationGroup[],
  counts: Partial<ViolationList['counts']> = {},
): ViolationList {
  return {
    ...{ as_of: NOW, coverage: { stored_share: 1, holes: 0, lower_bound: false } },
    ...{ from: NOW, to: NOW, step_s: 60, groups, more_groups: false, violations: [], next_cursor: null },
    counts: { ok: '0', violation: '0', unknown_reference: '0', unchecked: '0', ...counts },
  };
}
