import { describe, expect, it } from 'vitest';
import type { ResolvedEnvelope } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { readTopicName } from '../model/topic-name.ts';
import { compileRules } from './compile-rules.ts';
import { resolveEnvelope } from './resolve-envelope.ts';

const RULES = compileRules([]);
const C = '42b957d5-3184-5707-a675-38e20396ef64';
const OTHER = 'd4842806-e06c-5f8e-b1e5-aeea0a43d9af';

/** Shapes that the ecosystem's tables name beside those of the samples. */
const SHAPES: readonly (readonly [
  string,
  string,
  Json,
  Readonly<Record<string, string>>,
  Partial<ResolvedEnvelope>,
])[] = [
  [
    'a flat event behind the bus, whose header ids are no ids of the event',
    'onex.evt.omniintelligence.pattern-stored.v1',
    { pattern_id: OTHER, stored_at: '2026-05-10T09:30:12Z', correlation_id: C },
    {
      correlation_id: OTHER,
      message_id: OTHER,
      source: 'local',
      event_type: 'onex.evt.omniintelligence.pattern-stored.v1',
    },
    { eventId: null, correlationId: C, eventType: 'omniintelligence.pattern-stored', service: 'omniintelligence' },
  ],
  [
    'a workflow block that has the only correlation id',
    'workflow-executions',
    { event_type: 'workflow-started', workflow_execution_data: { correlation_id: C, workflow_type: 'x' } },
    {},
    { correlationId: C, eventType: 'workflow-started', service: null },
  ],
  [
    'a reply whose type is CUSTOM and whose payload has none',
    'omniarchon.codegen.response.mixin.v1',
    { event_id: OTHER, event_type: 'CUSTOM', payload_type: null, source_service: 'archon', correlation_id: null },
    {},
    { correlationId: null, eventType: 'codegen.response.mixin', service: 'archon' },
  ],
  [
    'a raw dead letter whose value was no JSON: its type is that of its topic',
    'onex.dlq.omnibase-infra.events.v1',
    {
      original_topic: 'onex.evt.omniclaude.tool-executed.v1',
      original_message: { key: null, value: 'not json', offset: 19, partition: 0 },
      ...{ failure_reason: 'r', failure_type: 'JSONDecodeError', correlation_id: OTHER, retry_count: 0 },
    },
    { event_type: 'dlq_raw_message' },
    { correlationId: OTHER, eventType: 'omniclaude.tool-executed', service: 'omniclaude' },
  ],
  [
    'a dead letter around an envelope of the core',
    'onex.dlq.omnibase-infra.commands.v1',
    {
      original_topic: 'onex.cmd.omniclaude.run.v1',
      original_message: {
        value: JSON.stringify({ envelope_id: 'e', correlation_id: null, payload: { correlation_id: C } }),
        ...{ offset: '1', partition: 0 },
      },
      ...{ failure_reason: 'r', failure_timestamp: '2026-07-21T04:11:09Z', correlation_id: OTHER },
    },
    {},
    { eventId: 'e', correlationId: C },
  ],
  [
    'an envelope of the core that names no cause and has a null correlation id, with a header of the bus',
    'onex.evt.platform.node-heartbeat.v1',
    {
      envelope_id: 'e',
      envelope_timestamp: '2026-07-20T06:00:00Z',
      correlation_id: null,
      source_tool: null,
      payload: {},
    },
    { correlation_id: OTHER },
    { eventId: 'e', correlationId: null, service: null, eventType: 'platform.node-heartbeat' },
  ],
  [
    'a message of a framework whose own body names the correlation id',
    'sales',
    { correlationId: C },
    { 'NServiceBus.MessageId': 'm', 'NServiceBus.ConversationId': OTHER },
    { eventId: 'm', correlationId: C },
  ],
];

describe('shapes on the wire', () => {
  it.each(SHAPES)('%s', (_title, topic, body, headers, expected) => {
    const list = Object.entries(headers).map(([name, value]) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    }));
    expect(resolveEnvelope(body, { headers: list }, readTopicName(topic), RULES)).toMatchObject(expected);
  });
});
