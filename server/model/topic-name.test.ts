import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTopicName } from './topic-name.ts';

const UUID = 'b8f33c19-20b2-57f7-a3db-be2b78ccef52';

describe('readTopicName', () => {
  it.each([
    ['dev.omniclaude.codegen.analyze.request.v1', 'codegen.analyze.request', 'omniclaude'],
    ['dev.archon-intelligence.enrich-document.v1', 'enrich-document', 'archon-intelligence'],
    ['omninode.codegen.request.validate.v1', 'codegen.request.validate', 'omninode'],
    ['onex.evt.platform.node-introspection.v1', 'platform.node-introspection', null],
    ['onex.cmd.omniintelligence.claude-hook-event.v1', 'omniintelligence.claude-hook-event', 'omniintelligence'],
    ['dev.onex.evt.omniclaude.session-started.v1', 'omniclaude.session-started', 'omniclaude'],
    ['onex.node.heartbeat.published.v1', 'node.heartbeat.published', null],
    ['agent-actions', 'agent-actions', null],
    ['dev.broadcast', 'broadcast', null],
    ['dev.omniclaude.codegen.status.session-20251018a.v1', 'codegen.status', 'omniclaude'],
    [
      'dev.archon-intelligence.quality.assess-code-requested.v1.dlq',
      'quality.assess-code-requested',
      'archon-intelligence',
    ],
    ['__consumer_offsets', '__consumer_offsets', null],
    ['v1', 'v1', null],
    ['', '', null],
  ])('%s has type %s and service %s', (topic, type, service) => {
    expect(readTopicName(topic)).toMatchObject({ name: topic, type, service });
  });

  it.each([
    ['dev.shop.orders.v1', 'shop.orders'],
    ['prod.shop.orders.v2', 'shop.orders'],
    [`dev.omniclaude.codegen.status.${UUID}.v1`, 'omniclaude.codegen.status.{id}'],
    ['dev.omniclaude.codegen.status.1f2e3d4c5b6a79.v1', 'omniclaude.codegen.status.{id}'],
    ['shop.replies.1760784300', 'shop.replies.{id}'],
    [`replies-${UUID}`, 'replies-{id}'],
    ['shop.orders.v1.dlq', 'shop.orders.dlq'],
    ['shop.orders.v1-dlt', 'shop.orders-dlt'],
    ['shop.facade', 'shop.facade'],
  ])('%s is of the family %s', (topic, family) => {
    expect(readTopicName(topic).family).toBe(family);
  });

  it.each([
    'x.y.v1.dlq',
    'agent-observability-dlq',
    'dev.archon-intelligence.enrich-document-dlq.v1',
    'onex.dlq.omnibase-infra.quarantine.v1',
    'onex.dlq.intelligence.v1',
    'dev.dlq.events.v1',
    'onex.evt.omniclaude.context-audit-dlq.v1',
    'orders_dlq',
    'orders.DLT',
  ])('%s holds dead letters', (topic) => {
    expect(readTopicName(topic).kind).toBe('dead letter');
  });

  it('tells mirrors, telemetry and look-alikes from dead letters', () => {
    expect(readTopicName('onex.evt.platform.dlq-message.v1').kind).toBe('dead letter mirror');
    for (const topic of ['otlp_spans', 'otlp_metrics', 'otlp_logs', 'zipkin', 'jaeger-spans']) {
      expect(readTopicName(topic).kind).toBe('telemetry');
    }
    for (const topic of ['dlqueue', 'shop.dlqs', 'zipkin-orders', 'handler'])
      expect(readTopicName(topic).kind).toBe('events');
  });

  it('a family stays one where markers and an environment are all there is', () => {
    for (const name of ['dev.dlq.v2-dlq', 'dev.dlq', 'prod.dev.v1', 'v1.v2.dlq']) {
      const { family } = readTopicName(name);
      expect(readTopicName(family).family).toBe(family);
    }
  });

  it('a family is its own family, whatever the name, and reading never throws', () => {
    const segment = fc.constantFrom(
      'dev',
      'v1',
      'dlq',
      'v2-dlq',
      'onex',
      'evt',
      'a',
      UUID,
      '123456',
      'platform',
      'session-1234567',
      '',
      'x-dlq',
      `r-${UUID}`,
    );
    const names = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.array(segment, { maxLength: 8 }).map((all) => all.join('.')),
    );
    fc.assert(
      fc.property(names, (name) => {
        const { family } = readTopicName(name);
        expect(readTopicName(family).family).toBe(family);
      }),
      { numRuns: 5000 },
    );
  });
});
