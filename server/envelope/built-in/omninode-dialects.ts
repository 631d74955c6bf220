import type { DialectSpec } from '../../model/dialect.ts';
import { beforeGeneral, butOnly, GENERAL } from './general-rules.ts';

/** The envelopes of the OmniNode family (ecosystem of 2025 and 2026), those that say most first. */
export const OMNINODE_DIALECTS: readonly DialectSpec[] = [
  {
    name: 'onex-event-envelope',
    title: 'ModelEventEnvelope 2.x of omnibase_core: envelope_id, envelope_timestamp',
    when: ['body has /envelope_id', 'body has /envelope_timestamp'],
    rules: beforeGeneral({
      eventId: ['body /envelope_id'],
      causationId: ['body /metadata/causation_id', 'body /metadata/tags/causation_id'],
      service: ['body /source_tool', 'body /metadata/service'],
      occurredAt: ['body /envelope_timestamp'],
    }),
  },
  {
    name: 'onex-envelope-v1',
    title: 'OnexEnvelopeV1 of omnibase_core: envelope_version, every id in the body',
    when: ['body has /envelope_version', 'body has /event_type'],
    rules: beforeGeneral({}),
  },
  {
    name: 'onex-envelope-seed',
    title: 'OnexEnvelopeV1 as the integration report writes it: version, often without an event id',
    when: ['body has /version', 'body has /correlation_id', 'body has /event_type', 'body has /source_service'],
    rules: beforeGeneral({}),
  },
  {
    name: 'onex-operation-envelope',
    title: 'ModelOnexEnvelope: envelope_id, operation, source and target node',
    when: ['body has /envelope_id', 'body has one of /operation /source_node /target_node'],
    rules: beforeGeneral({
      eventId: ['body /envelope_id'],
      eventType: ['body /operation'],
      service: ['body /source_node'],
    }),
  },
  {
    name: 'archon-reply',
    title: 'ModelEvent of omniarchon: event_type CUSTOM, the type in payload_type',
    when: ['body has /payload_type', 'body has /event_type', 'body has /source_service'],
    rules: beforeGeneral({ eventType: ['body /payload_type', 'body /event_type', 'body /topic as topic-type'] }),
  },
  {
    name: 'archon-event',
    title: 'ModelEventEnvelope of omniarchon: source is an object, trace ids in metadata',
    when: ['body has /event_id', 'body has /event_type', 'body has /source/service'],
    rules: beforeGeneral({
      service: ['body /source/service'],
      traceId: ['body /metadata/trace_id'],
      spanId: ['body /metadata/span_id'],
    }),
  },
  {
    name: 'onex-standard',
    title: 'The standard of November 2025: dotted event_type, namespace and schema_ref',
    when: ['body has /event_type', 'body has /event_id', 'body has one of /schema_ref /namespace'],
    rules: beforeGeneral({ service: ['body /source'] }),
  },
  {
    name: 'hook-envelope',
    title: 'Hook events of omniclaude: ids and time in the payload',
    when: ['body has /event_type', 'body has one of /payload/emitted_at /payload/hook_source'],
    rules: beforeGeneral({
      correlationId: ['body /payload/correlation_id'],
      causationId: ['body /payload/causation_id'],
      occurredAt: ['body /payload/emitted_at'],
      service: ['body /source'],
    }),
  },
  {
    name: 'signed-envelope',
    title: 'The signed envelope of a gateway: runtime_id, bus_id, realm, trace_id',
    when: [
      'body has /runtime_id',
      'body has one of /bus_id /realm',
      'body has one of /trace_id /causality_id /signature',
    ],
    rules: butOnly(
      beforeGeneral({
        causationId: ['body /causality_id'],
        service: ['body /runtime_id', 'body /bus_id', 'body /realm'],
        occurredAt: ['body /emitted_at'],
      }),
      // It has none, and a bus mints one of its own for the header: its trace is the trace id's.
      { correlationId: GENERAL.correlationId.filter((rule) => !rule.startsWith('header correlation_id')) },
    ),
  },
  {
    name: 'onex-minimal',
    title: 'The minimal envelope: event_id, event_type, data_provenance, no time by design',
    when: ['body has /event_id', 'body has /event_type', 'body has /data_provenance'],
    rules: butOnly(beforeGeneral({}), { occurredAt: [] }),
  },
  {
    name: 'omniclaude-base',
    title: 'BaseEvent of omniclaude: id and service, the type only in the topic',
    when: [
      'body has /id',
      'body has /service',
      'body has /timestamp',
      'body has one of /correlation_id /payload /metadata',
    ],
    rules: beforeGeneral({ eventId: ['body /event_id', 'body /id'] }),
  },
];
