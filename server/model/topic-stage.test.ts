import { describe, expect, it } from 'vitest';
import { readTopicName } from './topic-name.ts';
import { stageOfName } from './topic-stage.ts';

describe('the stage a topic holds', () => {
  it.each([
    ['orders', 'events', 'orders'],
    ['orders.retry', 'retry', 'orders'],
    ['orders-retry-2', 'retry', 'orders'],
    ['orders-dlq', 'dead letter', 'orders'],
    ['dlq.orders', 'dead letter', 'orders'],
    ['prod.billing.invoice.created.v1.dlq', 'dead letter', 'billing.invoice.created'],
    ['prod.billing.invoice.created.v1', 'events', 'billing.invoice.created'],
    ['dead-letters', 'dead letter', ''],
    ['onex.evt.platform.dlq-message.v1', 'dead letter mirror', 'onex.evt.platform-message'],
    ['retryable-orders', 'events', 'retryable-orders'],
  ])('of %s is %s of %s', (topic, kind, base) => {
    expect(stageOfName(readTopicName(topic))).toEqual({ kind, base });
  });
});
