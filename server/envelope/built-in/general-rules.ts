import type { DialectSpec } from '../../model/dialect.ts';

type Rules = DialectSpec['rules'];

/** A null under one of these keys means that there is none, so no header is asked. */
const UNLESS_CORRELATED =
  'unless body has one of /correlation_id /correlationId /payload/correlation_id /*_data/correlation_id /payload/*_data/correlation_id';
const UNLESS_CAUSED = 'unless body has one of /causation_id /causationId /payload/causation_id';

const TRACE_IDS = {
  body: ['body /trace_id', 'body /traceId', 'body /metadata/trace_id'],
  headers: [
    'header traceparent as w3c-trace-id',
    'header trace_id',
    'header b3 as b3-trace-id',
    'header x-b3-traceid',
    'header uber-trace-id as jaeger-trace-id',
    'header elasticapmtraceparent as elastic-trace-id',
    'header elastic-apm-traceparent as elastic-trace-id',
    'header sw8 as skywalking-trace-id',
    'header x-datadog-trace-id as datadog-trace-id',
    'header x-traceparent as w3c-trace-id',
    'body /traceparent as w3c-trace-id',
    // The trace that a transmission began in, not the hop: after everything that names the hop.
    'header ce_traceparent as w3c-trace-id',
  ],
};

const SPAN_IDS = {
  body: ['body /span_id', 'body /spanId', 'body /metadata/span_id'],
  headers: [
    'header traceparent as w3c-span-id',
    'header span_id',
    'header b3 as b3-span-id',
    'header x-b3-spanid',
    'header uber-trace-id as jaeger-span-id',
    'header elasticapmtraceparent as elastic-span-id',
    'header elastic-apm-traceparent as elastic-span-id',
    'header x-datadog-parent-id as datadog-span-id',
    'header x-traceparent as w3c-span-id',
    'body /traceparent as w3c-span-id',
    'header ce_traceparent as w3c-span-id',
  ],
};

/** Where a dead letter's headers name the topic it was read from. */
export const ORIGINAL_TOPIC_HEADERS = [
  'original_topic',
  'kafka_dlt-original-topic',
  'kafka_original-topic',
  '__connect.errors.topic',
  '__streams.errors.topic',
  '__dlq.errors.topic',
];

/** The order in which any envelope is looked through when its dialect knows nothing better. */
export const GENERAL = {
  eventId: ['body /event_id', 'body /eventId', 'body /envelope_id'],
  eventType: [
    'body /event_type',
    'body /eventType',
    'body /payload_type',
    'body /metadata/event_type',
    'header event_type',
    'header ce_type',
    ...ORIGINAL_TOPIC_HEADERS.map((name) => `header ${name} as topic-type` as const),
    'topic type + body /action_type',
    'topic type',
  ],
  correlationId: [
    'body /correlation_id',
    'body /correlationId',
    'body /payload/correlation_id',
    'body /payload/correlationId',
    'body /*_data/correlation_id',
    'body /payload/*_data/correlation_id',
    'body /metadata/correlation_id',
    'body /original_event/correlation_id',
    'body /original_envelope/correlation_id',
    'body /original_message/correlation_id',
    'body /original_message/value > /correlation_id',
    'body /original_value > /correlation_id',
    `header x-correlation-id ${UNLESS_CORRELATED}`,
    `header correlation_id ${UNLESS_CORRELATED}`,
    `header correlation-id ${UNLESS_CORRELATED}`,
    `header ce_correlationid ${UNLESS_CORRELATED}`,
  ],
  causationId: [
    'body /causation_id',
    'body /causationId',
    'body /payload/causation_id',
    'body /metadata/causation_id',
    'body /metadata/tags/causation_id',
    `header x-causation-id ${UNLESS_CAUSED}`,
    `header causation_id ${UNLESS_CAUSED}`,
    `header causation-id ${UNLESS_CAUSED}`,
    `header ce_causationid ${UNLESS_CAUSED}`,
  ],
  service: [
    'body /source_service',
    'body /service',
    'body /source/service',
    'body /source_tool',
    'body /metadata/service',
    'header sw8 as skywalking-service',
    ...ORIGINAL_TOPIC_HEADERS.map((name) => `header ${name} as topic-service` as const),
    'header source as bus-source',
    'topic service',
  ],
  occurredAt: [
    'body /timestamp',
    'body /envelope_timestamp',
    'body /emitted_at',
    'body /payload/emitted_at',
    'body /occurred_at',
    'body /occurredAt',
    'body /stored_at',
    'body /promoted_at',
    'body /decided_at',
    'body /observed_at',
    'body /created_at',
    'body /*_at',
  ],
  traceId: [...TRACE_IDS.body, ...TRACE_IDS.headers],
  spanId: [...SPAN_IDS.body, ...SPAN_IDS.headers],
  parentSpanId: [
    'body /parent_span_id',
    'body /parentSpanId',
    'body /metadata/parent_span_id',
    'header parent_span_id',
    'header b3 as b3-parent-span-id',
    'header x-b3-parentspanid',
    'header uber-trace-id as jaeger-parent-span-id',
  ],
  tenant: [
    'body /tenant_id',
    'body /tenantId',
    'body /metadata/tenant_id',
    'header x-tenant',
    'header x-tenant-id',
    'header tenant-id',
    'header tenant_id',
  ],
} as const satisfies Rules;

/** The event's own correlation id in the body, which wins over any header's. */
export const BODY_CORRELATION = GENERAL.correlationId.filter((rule) => /^body \/(payload\/)?correlation/.test(rule));

/** Rules of tracing systems in the headers first, for envelopes whose own trace ids are another hop's. */
export const TRACING_FIRST = {
  traceId: [...TRACE_IDS.headers, ...TRACE_IDS.body],
  spanId: [...SPAN_IDS.headers, ...SPAN_IDS.body],
} as const satisfies Rules;

/** A dialect's own rules, with the general ones behind them. */
export function beforeGeneral(own: Rules): Rules {
  return inOrder(own, GENERAL);
}

/** For every field the rules of each list in turn; what comes twice counts where it comes first. */
export function inOrder(...lists: readonly Rules[]): Rules {
  const fields = new Set(lists.flatMap((list) => Object.keys(list) as (keyof Rules)[]));
  return Object.fromEntries(
    [...fields].map((field) => [field, [...new Set(lists.flatMap((list) => list[field] ?? []))]]),
  );
}

/** Rules with some fields looked for nowhere but here. */
export function butOnly(rules: Rules, only: Rules): Rules {
  return { ...rules, ...only };
}

/**
 * Type rules of an envelope whose type is elsewhere: those before the header's and the topic's, which would always
 * answer.
 */
export function typeAfterBody(...rules: readonly string[]): readonly string[] {
  const body = GENERAL.eventType.filter((rule) => rule.startsWith('body '));
  return [...body, ...rules];
}
