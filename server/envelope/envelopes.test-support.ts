import fc from 'fast-check';
import type { ResolvedFields } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { micros } from '../model/time.ts';

/** A record written in a dialect, and what a reader must find in it. */
export interface Written {
  readonly topic: string;
  readonly body: Json | null;
  readonly headers: readonly RecordHeader[];
  /** Fields that are left out must be null, but for type and service, which then are the topic's. */
  readonly fields: Partial<ResolvedFields>;
}

/** What one event says of itself, before a dialect writes it down. */
interface Facts {
  readonly e: string;
  readonly c: string;
  readonly x: string | null;
  /** An instant in whole milliseconds. */
  readonly ms: number;
  readonly service: string;
  readonly type: string;
  /** 32 and 16 hexadecimal digits. */
  readonly trace: string;
  readonly span: string;
  readonly parent: string;
  readonly tenant: string | null;
  /** Ids of somebody else: a bus, a consumer. */
  readonly foreign: string;
  readonly u64: bigint;
  readonly flag: boolean;
}

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((text) => !/^0+$/.test(text));
const uuid = fc.tuple(fc.uuid(), fc.boolean()).map(([id, upper]) => (upper ? id.toUpperCase() : id));
const word = fc.stringMatching(/^[a-z]{3,10}-[a-z]{3,10}$/);

const facts: fc.Arbitrary<Facts> = fc.record({
  e: uuid,
  c: uuid,
  x: fc.option(uuid),
  ms: fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
  service: word,
  type: fc.stringMatching(/^[A-Z]{4,12}_[A-Z]{4,12}$/),
  trace: hex(32),
  span: hex(16),
  parent: hex(16),
  tenant: fc.option(word),
  foreign: fc.uuid(),
  u64: fc.bigInt({ min: 1n, max: 0xffff_ffff_ffff_ffffn }),
  flag: fc.boolean(),
});

const text = (value: string | Buffer | null) => (value === null ? null : Buffer.from(value));
const headersOf = (values: Readonly<Record<string, string | Buffer | null>>): RecordHeader[] =>
  Object.entries(values).map(([name, value]) => ({ name: Buffer.from(name), value: text(value) }));

const iso = ({ ms }: Facts) => new Date(ms).toISOString();
const naive = (facts: Facts) => iso(facts).slice(0, -1);
const at = ({ ms }: Facts) => micros(ms * 1000);
const ids = (f: Facts) => ({ eventId: f.e, correlationId: f.c, causationId: f.x, occurredAt: at(f) });
const w3c = (f: Facts) => `00-${f.trace}-${f.span}-01`;
const tracing = (f: Facts) => ({ traceId: f.trace, spanId: f.span });

/** The event that stands inside a dead letter. */
const innerEvent = (f: Facts): Json => ({
  ...{ event_id: f.e, event_type: f.type, correlation_id: f.c, causation_id: f.x, source_service: f.service },
  ...{ timestamp: '2020-01-01T00:00:00Z', payload: { value: 1 } },
});
const objectOrText = (f: Facts): Json => (f.flag ? JSON.stringify(innerEvent(f)) : innerEvent(f));
const innerFields = (f: Facts) => ({ ...ids(f), eventType: f.type, service: f.service });
const busHeaders = (f: Facts, topic: string) => ({
  ...{
    content_type: 'application/json',
    correlation_id: f.foreign,
    message_id: f.foreign,
    timestamp: '2026-01-01T00:00:00Z',
  },
  ...{ source: 'local', event_type: topic, schema_version: '1.0.0', priority: 'normal', retry_count: '0' },
});

function write(topic: string, body: Json | null, headers: RecordHeader[], fields: Partial<ResolvedFields>): Written {
  return { topic, body, headers, fields };
}

const ONEX_TOPIC = 'onex.evt.platform.node-introspection.v1';
const DLQ_TOPIC = 'onex.dlq.omnibase-infra.events.v1';

/** Per built-in dialect how an event is written in it. */
const WRITERS: Readonly<Record<string, (f: Facts) => Written>> = {
  'onex-event-envelope': (f) =>
    write(
      ONEX_TOPIC,
      {
        ...{
          envelope_id: f.e,
          envelope_timestamp: naive(f),
          correlation_id: f.c,
          source_tool: f.flag ? f.service : null,
        },
        ...{ event_type: f.flag ? f.type : null, payload: { node_id: 'n' }, trace_id: null, span_id: null },
        metadata: {
          ...(f.flag ? {} : { service: f.service, event_type: f.type }),
          trace_id: f.trace,
          span_id: f.span,
          tags: { causation_id: f.x },
        },
        envelope_version: { major: 2, minor: f.flag ? 1 : 0, patch: 0 },
      },
      headersOf(busHeaders(f, ONEX_TOPIC)),
      { ...ids(f), eventType: f.type, service: f.service, ...tracing(f) },
    ),
  'onex-envelope-v1': (f) =>
    write(
      'codegen-requests',
      {
        ...{ envelope_version: f.flag ? '1.0' : { major: 1, minor: 0, patch: 0 }, correlation_id: f.c, event_id: f.e },
        ...{ event_type: f.type, timestamp: iso(f), source_service: f.service, payload: { correlation_id: f.foreign } },
      },
      [],
      { ...ids(f), causationId: null, eventType: f.type, service: f.service },
    ),
  'onex-envelope-seed': (f) =>
    write(
      'metadata-stamps',
      {
        correlation_id: f.c,
        event_type: f.type,
        payload: {},
        timestamp: iso(f),
        source_service: f.service,
        version: '1.0.0',
      },
      [],
      { correlationId: f.c, eventType: f.type, occurredAt: at(f), service: f.service },
    ),
  'onex-operation-envelope': (f) =>
    write(
      'onex.node.calls.v1',
      {
        ...{ envelope_id: f.e, correlation_id: f.c, causation_id: f.x, source_node: f.service, target_node: 'other' },
        ...{
          operation: f.type,
          is_response: f.flag,
          success: true,
          error: null,
          timestamp: iso(f),
          metadata: {},
          payload: {},
        },
      },
      [],
      { ...ids(f), eventType: f.type, service: f.service },
    ),
  'archon-reply': (f) =>
    write(
      'omninode.codegen.response.analyze.v1',
      {
        ...{ event_id: f.e, event_type: 'CUSTOM', topic: 'omninode.codegen.response.analyze.v1', timestamp: iso(f) },
        ...{ correlation_id: f.c, causation_id: f.x, trace_id: f.trace, span_id: f.span, source_service: f.service },
        ...{
          payload_type: f.type,
          payload: {},
          headers: null,
          priority: 'NORMAL',
          retry_count: 0,
          schema_version: '1.0.0',
        },
      },
      [],
      { ...ids(f), eventType: f.type, service: f.service, ...tracing(f) },
    ),
  'archon-event': (f) =>
    write(
      'omninode.codegen.request.validate.v1',
      {
        ...{
          event_id: f.e,
          event_type: 'omninode.codegen.request.validate.v1',
          correlation_id: f.c,
          causation_id: f.x,
        },
        ...{ timestamp: iso(f), version: '1.0.0', source: { service: f.service, instance_id: 'i' }, payload: {} },
        metadata: { trace_id: f.trace, span_id: f.span, user_id: null, tenant_id: f.tenant, extra: {} },
      },
      [],
      {
        ...{ ...ids(f), eventType: 'omninode.codegen.request.validate.v1', service: f.service, ...tracing(f) },
        tenant: f.tenant,
      },
    ),
  'onex-standard': (f) =>
    write(
      'omninode.agent.execution.started.v1',
      {
        ...{
          event_type: 'omninode.agent.execution.started.v1',
          event_id: f.e,
          timestamp: iso(f),
          tenant_id: 'default',
        },
        ...{
          namespace: 'omninode',
          [f.flag ? 'source' : 'service']: f.service,
          correlation_id: f.c,
          causation_id: f.x,
        },
        ...{ schema_ref: 'registry://omninode/agent/x/v1', payload: {} },
      },
      headersOf({
        'x-traceparent': `00-${f.c.replaceAll('-', '').toLowerCase()}-0000000000000000-01`,
        ...{ 'x-correlation-id': f.c, 'x-causation-id': f.c, 'x-tenant': 'default' },
      }),
      {
        ...{ ...ids(f), eventType: 'omninode.agent.execution.started.v1', service: f.service, tenant: 'default' },
        traceId: f.c.replaceAll('-', '').toLowerCase(),
      },
    ),
  'hook-envelope': (f) =>
    write(
      'onex.evt.omniclaude.session-started.v1',
      {
        ...{ event_type: 'hook.session.started', schema_version: '1.0.0', source: f.service },
        payload: {
          session_id: f.c,
          correlation_id: f.c,
          causation_id: f.x,
          emitted_at: iso(f),
          hook_source: 'startup',
        },
      },
      headersOf(busHeaders(f, 'onex.evt.omniclaude.session-started.v1')),
      { ...ids(f), eventId: null, eventType: 'hook.session.started', service: f.service },
    ),
  'signed-envelope': (f) =>
    write(
      'gateway.frames',
      {
        ...{ realm: 'r', runtime_id: f.service, bus_id: 'b', trace_id: f.e, causality_id: f.x, emitted_at: iso(f) },
        ...{ signature: { algorithm: 'ed25519', value: 'x' }, payload: {} },
      },
      headersOf(busHeaders(f, 'gateway.frames')),
      { traceId: f.e.replaceAll('-', '').toLowerCase(), causationId: f.x, occurredAt: at(f), service: f.service },
    ),
  'onex-minimal': (f) =>
    write(
      'onex.evt.omnimarket.scored.v1',
      {
        event_id: f.e,
        event_type: f.type,
        schema_version: '1.0',
        data_provenance: 'x',
        payload: {},
        created_at: iso(f),
      },
      [],
      { eventId: f.e, eventType: f.type },
    ),
  'omniclaude-base': (f) =>
    write(
      'dev.omniclaude.codegen.analyze.request.v1',
      { id: f.e, service: f.service, timestamp: iso(f), correlation_id: f.c, metadata: {}, payload: {} },
      [],
      { ...ids(f), causationId: null, service: f.service },
    ),
  'dead-letter-mirror': (f) =>
    write(
      'onex.evt.platform.dlq-message.v1',
      { original_topic: 'a.b', error_message: 'no', error_type: 'E', timestamp: iso(f), correlation_id: f.c },
      [],
      { correlationId: f.c, occurredAt: at(f) },
    ),
  'dead-letter-quarantine': (f) =>
    write(
      'onex.dlq.omnibase-infra.quarantine.v1',
      {
        ...{ quarantine_correlation_id: f.foreign, quarantined_at: iso(f), quarantined_by: 'q', reason: 'r' },
        ...{ original_topic: 'a.b', original_correlation_id: f.c, retry_count: 3, original_payload: objectOrText(f) },
      },
      headersOf({ 'x-quarantine-correlation-id': f.foreign, correlation_id: f.foreign }),
      innerFields(f),
    ),
  'dead-letter-envelope': (f) =>
    write(
      'a.b.v1.dlq',
      {
        ...{
          original_topic: 'a.b.v1',
          original_envelope: objectOrText(f),
          error_message: 'no',
          error_timestamp: f.ms / 1000,
        },
        ...{ service: 'other', instance_id: 'i', retry_count: 3 },
      },
      [],
      innerFields(f),
    ),
  'dead-letter-enrichment': (f) =>
    write(
      'dev.archon-intelligence.enrich-document-dlq.v1',
      {
        ...{ event_type: 'enrichment_failed', failure_timestamp: naive(f), failure_reason: 'r', failure_type: 'T' },
        ...{ retry_count: 3, original_event: objectOrText(f), error_details: { retry_history: [] } },
      },
      [],
      { ...innerFields(f), eventType: 'enrichment_failed' },
    ),
  'dead-letter-event': (f) =>
    write(
      'agent-observability-dlq',
      { original_event: objectOrText(f), error: 'no', failed_at: iso(f), consumer_group: 'g' },
      [],
      innerFields(f),
    ),
  'dead-letter-value': (f) =>
    write(
      'dev.archon-intelligence.quality.assess-code-requested.v1.dlq',
      {
        ...{ original_topic: 'a.b', original_partition: 0, original_offset: 57, original_timestamp: 1, error: 'no' },
        ...{ original_value: JSON.stringify(innerEvent(f)), error_timestamp: iso(f), consumer_group: 'g' },
      },
      [],
      innerFields(f),
    ),
  'dead-letter-projection': (f) =>
    write(
      'onex.dlq.omnimarket.projection-delegation-malformed.v1',
      {
        ...{ original_message: { event_id: f.e, event_type: f.type, causation_id: f.x, source_service: f.service } },
        ...{
          failure_reason: 'r',
          failure_class: 'consumer_error',
          correlation_id: f.c,
          retry_count: 0,
          failed_at: iso(f),
        },
        ...{ handler: 'h', quarantine_fallback: false },
      },
      [],
      innerFields(f),
    ),
  'dead-letter-message': (f) =>
    write(
      DLQ_TOPIC,
      {
        ...{ original_topic: 'onex.evt.omniintelligence.pattern-stored.v1', correlation_id: f.foreign, retry_count: 3 },
        original_message: { key: 'k', value: JSON.stringify(innerEvent(f)), offset: f.flag ? '19' : 19, partition: 0 },
        ...{ failure_reason: 'r', failure_timestamp: iso(f), error_type: 'E', failure_class: 'consumer_error' },
      },
      headersOf({ ...busHeaders(f, 'dlq_message'), original_topic: 'x', dlq_topic: DLQ_TOPIC }),
      innerFields(f),
    ),
  'dead-letter-bridge': (f) =>
    write(
      'dev.omninode-bridge.workflow.v1.dlq',
      {
        ...{ original_message: objectOrText(f), original_topic: 'a.b', original_offset: 1, error_type: 'E' },
        ...{ error_message: 'no', error_context: {}, failed_at: iso(f), retry_count: 1 },
      },
      [],
      innerFields(f),
    ),
  'dead-letter-flat': (f) =>
    write(
      'onex.evt.omniintelligence.compliance-evaluated.v1.dlq',
      {
        ...{ original_topic: 'onex.evt.omniintelligence.compliance-evaluated.v1', correlation_id: f.c, event_id: f.e },
        ...{ event_type: f.type, error_message: 'no', error_timestamp: iso(f), service: f.service },
      },
      [],
      { eventId: f.e, correlationId: f.c, eventType: f.type, service: f.service, occurredAt: at(f) },
    ),
  'cloudevents-structured': (f) =>
    write(
      'shop.orders',
      {
        ...{ specversion: '1.0', id: f.e, source: f.service, type: f.type, time: iso(f), correlationid: f.c },
        ...{ causationid: f.x, traceparent: `00-${f.foreign.replaceAll('-', '')}-${f.parent}-01`, data: { id: 1 } },
      },
      headersOf({ 'content-type': 'application/cloudevents+json; charset=UTF-8', traceparent: w3c(f) }),
      { ...ids(f), eventType: f.type, service: f.service, ...tracing(f) },
    ),
  cloudevents: (f) =>
    write(
      'shop.orders',
      f.flag ? { id: 7, timestamp: '2020-01-01T00:00:00Z' } : null,
      headersOf({
        ...{ ce_specversion: '1.0', ce_id: f.e, ce_source: f.service, ce_type: f.type, ce_time: iso(f) },
        ...{ ce_correlationid: f.c, ce_causationid: f.x, ce_traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01` },
        traceparent: w3c(f),
      }),
      { ...ids(f), eventType: f.type, service: f.service, ...tracing(f) },
    ),
  nservicebus: (f) =>
    write(
      'sales',
      { OrderId: 1 },
      headersOf({
        ...{ 'NServiceBus.MessageId': f.e, 'NServiceBus.ConversationId': f.c, 'NServiceBus.CorrelationId': f.foreign },
        ...{ 'NServiceBus.RelatedTo': f.x, 'NServiceBus.OriginatingEndpoint': f.service },
        'NServiceBus.TimeSent': `${iso(f).slice(0, 10)} ${iso(f).slice(11, 19)}:${iso(f).slice(20, 23)}000 Z`,
        'NServiceBus.EnclosedMessageTypes': `Shop.${f.type}, Shop, Version=1.0.0.0`,
      }),
      { ...ids(f), eventType: `Shop.${f.type}`, service: f.service },
    ),
  masstransit: (f) =>
    write(
      'orders',
      {
        ...{ messageId: f.e, conversationId: f.c, correlationId: f.foreign, initiatorId: f.x, sentTime: iso(f) },
        ...{ sourceAddress: `rabbitmq://host/${f.service}?temporary=true`, message: {}, headers: {}, host: {} },
        messageType: [`urn:message:Shop:${f.type}`, 'urn:message:Shop:IEvent'],
      },
      [],
      { ...ids(f), eventType: `Shop:${f.type}`, service: f.service },
    ),
  'masstransit-headers': (f) =>
    write(
      'orders',
      { orderId: 1 },
      headersOf({
        ...{ 'MT-OriginalMessageId': f.e, 'MT-InitiatingConversationId': f.c, 'MT-InitiatorId': f.x },
        'MT-Source-Address': `loopback://localhost/${f.service}`,
      }),
      { eventId: f.e, correlationId: f.c, causationId: f.x, service: f.service, eventType: 'orders' },
    ),
  axon: (f) =>
    write(
      'axon-events',
      null,
      headersOf({
        ...{ 'axon-message-id': f.e, 'axon-message-type': f.type, 'axon-message-timestamp': String(f.ms) },
        ...{ 'axon-metadata-correlationId': f.c, 'axon-metadata-traceId': f.x },
      }),
      { ...ids(f), eventType: f.type },
    ),
  wolverine: (f) =>
    write(
      'orders',
      { total: 1 },
      headersOf({
        ...{ id: f.e, 'correlation-id': f.c, 'conversation-id': f.foreign, 'sent-at': iso(f), source: f.service },
        ...{ 'message-type': f.type, 'tenant-id': f.tenant, attempts: '1', 'causation-id': f.x },
      }),
      { ...ids(f), eventType: f.type, service: f.service, tenant: f.tenant },
    ),
  spring: (f) => {
    // 16 bytes, of which one at least is no plain text.
    const id = `00${f.c.slice(2).toLowerCase()}`;
    return write(
      'orders',
      { total: 1 },
      headersOf({
        kafka_correlationId: f.flag ? f.c : Buffer.from(id.replaceAll('-', ''), 'hex'),
        __TypeId__: `com.shop.${f.type}`,
      }),
      { correlationId: f.flag ? f.c : id, eventType: `com.shop.${f.type}` },
    );
  },
  flat: (f) =>
    write(
      'agent-actions',
      { correlation_id: f.c, agent_name: 'a', action_type: 'tool_call', timestamp: f.flag ? f.ms : f.ms / 1000 },
      [],
      { correlationId: f.c, occurredAt: at(f), eventType: 'agent-actions/tool_call' },
    ),
  'flat-with-id': (f) =>
    write(
      'agent-transformation-events',
      { id: f.e, correlation_id: f.c, source_agent: 'a', [f.flag ? 'checked_at' : 'changed_at']: iso(f) },
      [],
      { eventId: f.e, correlationId: f.c, occurredAt: at(f) },
    ),
  'dead-letter-headers': (f) =>
    write(
      'graveyard',
      null,
      headersOf({ [f.flag ? '__dlq.errors.topic' : '__connect.errors.topic']: `${f.service}.orders.v1` }),
      { eventType: 'orders', service: f.service },
    ),
  'plain-json': (f) =>
    write(
      'dev.archon-intelligence.enrich-document.v1',
      { [f.flag ? 'correlation_id' : 'correlationId']: f.c, event_type: f.type, timestamp: naive(f), payload: {} },
      [],
      { correlationId: f.c, eventType: f.type, occurredAt: at(f) },
    ),
  'onex-headers-2025': (f) =>
    write(
      'omninode.logging.application.v1',
      { message: 'm' },
      headersOf({ 'X-Correlation-Id': f.c, 'x-causation-id': f.x, 'x-traceparent': w3c(f), 'x-tenant': f.tenant }),
      { correlationId: f.c, causationId: f.x, ...tracing(f), tenant: f.tenant },
    ),
  'onex-headers-2026': (f) =>
    write(
      'onex.cmd.omniintelligence.claude-hook-event.v1',
      null,
      headersOf({
        ...busHeaders(f, f.type),
        correlation_id: f.c,
        message_id: f.e,
        timestamp: iso(f),
        trace_id: f.trace,
        span_id: f.span,
        parent_span_id: f.parent,
      }),
      { ...ids(f), causationId: null, eventType: f.type, ...tracing(f), parentSpanId: f.parent },
    ),
  'w3c-trace-context': (f) => write('orders', null, headersOf({ traceparent: w3c(f) }), tracing(f)),
  b3: (f) =>
    write(
      'orders',
      null,
      f.flag
        ? headersOf({ b3: `${f.trace}-${f.span}-1-${f.parent}` })
        : headersOf({ 'X-B3-TraceId': f.trace, 'X-B3-SpanId': f.span, 'X-B3-ParentSpanId': f.parent }),
      { ...tracing(f), parentSpanId: f.parent },
    ),
  jaeger: (f) =>
    write('orders', null, headersOf({ 'uber-trace-id': `${f.trace.replace(/^0+/, '')}:${f.span}:${f.parent}:1` }), {
      ...tracing(f),
      parentSpanId: f.parent,
    }),
  'elastic-apm': (f) => {
    const binary = Buffer.from(`0000${f.trace}01${f.span}0201`, 'hex');
    return write('orders', null, headersOf({ elasticapmtraceparent: f.flag ? w3c(f) : binary }), tracing(f));
  },
  skywalking: (f) => {
    const base64 = (plain: string) => Buffer.from(plain).toString('base64');
    const fields = ['1', base64(f.trace), base64('segment'), '3', base64(f.service), ...['i', 'e', 't'].map(base64)];
    return write('orders', null, headersOf({ sw8: fields.join('-') }), { traceId: f.trace, service: f.service });
  },
  datadog: (f) => {
    const context = Buffer.concat([Buffer.alloc(8, 7), zigzag(f.ms - 5), zigzag(f.ms)]).toString('base64');
    return write(
      'orders',
      null,
      headersOf({
        ...{ 'x-datadog-trace-id': String(f.u64), 'x-datadog-parent-id': String(f.u64) },
        'dd-pathway-ctx-base64': context,
      }),
      {
        ...{ traceId: f.u64.toString(16).padStart(32, '0'), spanId: f.u64.toString(16).padStart(16, '0') },
        occurredAt: at(f),
      },
    );
  },
  'correlation-headers': (f) =>
    write('orders', null, headersOf({ 'correlation-id': f.c, 'causation-id': f.x }), {
      correlationId: f.c,
      causationId: f.x,
    }),
};

function zigzag(value: number): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value) << 1n;
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

/** Per built-in dialect a generator of records written in it. */
export const ENVELOPES: Readonly<Record<string, fc.Arbitrary<Written>>> = Object.fromEntries(
  Object.entries(WRITERS).map(([dialect, writer]) => [dialect, facts.map(writer)]),
);
