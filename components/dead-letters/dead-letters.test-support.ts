import type { DeadLetterQueues, DeadLetterQueueWire, DeadLetterRecordWire } from '@/server/model/dead-letter-wire.ts';

const NOW = '2026-03-01T12:00:00.000000Z';

/** A queue; a test says what it is about. */
export function queue(change: Partial<DeadLetterQueueWire> = {}): DeadLetterQueueWire {
  return {
    ...{ cluster: 'c1', topic: 'orders.dlq', n: 1, kind: 'dead letter', by: 'name', why: 'its name ends with .dlq' },
    whose: { service: null, system: null, owner: null },
    ...{ looked_at: NOW, depth: '3', held: '3', stored: '3', difference: null, arrivals_per_min: 0.4, trend: [0, 1] },
    ...{ oldest_at: NOW, oldest_age_s: 60, expires_in_s: 172_800, expires_why: null, retention_ms: 604_800_000 },
    ...{ cleanup_policy: 'delete', main_reason: 'timeout', last_at: NOW, triage_groups: [], mark: null },
    ...change,
  };
}

/** An answer with these queues, and totals over those that count. */
export function queues(
  counted: readonly DeadLetterQueueWire[],
  total: Partial<DeadLetterQueues['total']> = {},
): DeadLetterQueues {
  const known = counted.flatMap(({ depth }) => (depth === null ? [] : [BigInt(depth)]));
  return {
    ...{ as_of: NOW, coverage: { stored_share: 1, holes: 0, lower_bound: false } },
    ...{ queues: counted, others: [], more: false, without_dead_letter: [] },
    total: {
      depth: known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0n).toString(),
      ...{ stored: '0', arrivals_per_min: null, oldest_age_s: null, expires_in_s: null },
      unknown: counted.length - known.length,
      ...total,
    },
  };
}

/** A dead letter of an order. */
export function letter(change: Partial<DeadLetterRecordWire> = {}): DeadLetterRecordWire {
  return {
    ...{ id: 'c1/orders.dlq~1/0/4', topic: 'orders.dlq', partition: 0, offset: '4', recorded_at: NOW, stored_at: NOW },
    ...{ failed_at: null, family: 'flat', reason: 'timeout', fingerprint: 'timeout' },
    ...{ reason_key: '0123456789abcdef0123456789abcdef', error_class: 'TIMEOUT', retry_count: 3, consumer_group: 'g' },
    ...{ event_type: 'order.placed', service: 'shop', original_state: 'stored', original_id: 'c1/orders~1/2/902' },
    original: { topic: 'orders', partition: 2, offset: '902', timestamp: NOW },
    ...{ correlation_id: 'a', correlation_origin: 'own', trace_key: '0'.repeat(32), problems: [], mark: null },
    ...change,
  };
}
