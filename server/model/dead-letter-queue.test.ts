import { describe, expect, test } from 'vitest';
import { createQueueNames, NO_DEAD_LETTER_RULES, queueDigest } from './dead-letter-queue.ts';

const names = createQueueNames(NO_DEAD_LETTER_RULES);

describe('a name', () => {
  test.each([
    ['onex.evt.omniintelligence.compliance-evaluated.v1.dlq', 'dead letter'],
    ['agent-observability-dlq', 'dead letter'],
    ['dev.archon-intelligence.enrich-document-dlq.v1', 'dead letter'],
    ['onex.dlq.omnibase-infra.events.v1', 'dead letter'],
    ['onex.dlq.omnimarket.projection-delegation-malformed.v1', 'dead letter'],
    ['onex.dlq.intelligence.v1', 'dead letter'],
    ['local.dlq.intelligence.v1', 'dead letter'],
    ['onex.evt.omniclaude.context-audit-dlq.v1', 'dead letter'],
    ['local.omniintelligence.pattern.consume.v1.dlq', 'dead letter'],
    ['orders-dlt', 'dead letter'],
    ['orders.DLT', 'dead letter'],
    ['orders_dlq', 'dead letter'],
    ['orders.dead-letter', 'dead letter'],
    ['billing__orders__dlt', 'dead letter'],
    ['onex.dlq.omnibase-infra.quarantine.v1', 'quarantine'],
    ['onex.evt.platform.dlq-message.v1', 'mirror'],
    ['dev.onex.evt.platform.dlq-message.v1', 'mirror'],
    ['orders-retry-2', 'retry'],
    ['orders', null],
    ['orders.quarantine', null],
    ['adlqb', null],
  ])('%s is %s', (topic, kind) => expect(names.queueOf(topic)?.kind ?? null).toBe(kind));
});

describe('what is declared', () => {
  const own = createQueueNames({
    ...{ queues: ['graveyard', '\\.error$'], quarantine: ['cellar'], retries: ['again'], mirrors: ['^copy-of-'] },
    ignore: ['audit.dlq'],
    triage: [
      { queue: '^graveyard$', groups: ['diggers'] },
      { queue: '\\.dlq$', groups: ['a', 'b'] },
    ],
  });

  test.each([
    ['graveyard', 'dead letter', 'dead letter'],
    ['orders.error', 'dead letter', 'dead letter'],
    ['cellar', 'quarantine', 'dead letter'],
    ['again', 'retry', 'events'],
    ['copy-of-graveyard', 'mirror', 'dead letter mirror'],
    ['copy-of-orders.dlq', 'mirror', 'dead letter mirror'],
    ['audit.dlq', null, 'events'],
    ['orders.dlq', 'dead letter', 'dead letter'],
  ])('%s is %s, and its records are read as %s', (topic, kind, read) => {
    expect(own.queueOf(topic)?.kind ?? null).toBe(kind);
    expect(own.topicName(topic).kind).toBe(read);
  });

  test('is asked of a topic once, however many of its records are read', () => {
    expect(own.topicName('graveyard')).toBe(own.topicName('graveyard'));
    expect(own.queueOf('orders.dlq')).toBe(own.queueOf('orders.dlq'));
  });

  test('names the groups that work a queue off, the first that matches; nobody without it', () => {
    expect(own.triageGroups('graveyard')).toEqual(['diggers']);
    expect(own.triageGroups('orders.dlq')).toEqual(['a', 'b']);
    expect(names.triageGroups('orders.dlq')).toEqual([]);
  });

  test('changes how records are read, but for who works a queue off', () => {
    const triage = [{ queue: 'a', groups: ['b'] }];
    expect(queueDigest({ ...NO_DEAD_LETTER_RULES, triage })).toBe('');
    expect(queueDigest({ ...NO_DEAD_LETTER_RULES, queues: ['a'] })).not.toBe(
      queueDigest({ ...NO_DEAD_LETTER_RULES, mirrors: ['a'] }),
    );
  });
});
