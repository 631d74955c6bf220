import type { DialectSpec } from '../../model/dialect.ts';
import { beforeGeneral, GENERAL, ORIGINAL_TOPIC_HEADERS } from './general-rules.ts';

const TRACING = [
  {
    name: 'w3c-trace-context',
    title: 'W3C Trace Context alone: traceparent',
    when: ['header one of traceparent x-traceparent ce_traceparent'],
  },
  { name: 'b3', title: 'B3 alone: b3 or x-b3-traceid', when: ['header one of b3 x-b3-traceid'] },
  { name: 'jaeger', title: 'Jaeger alone: uber-trace-id', when: ['header uber-trace-id'] },
  {
    name: 'elastic-apm',
    title: 'Elastic APM alone: elasticapmtraceparent',
    when: ['header one of elasticapmtraceparent elastic-apm-traceparent'],
  },
  { name: 'skywalking', title: 'SkyWalking alone: sw8', when: ['header sw8'] },
  {
    name: 'datadog',
    title: 'Datadog alone: x-datadog-trace-id, dd-pathway-ctx-base64',
    when: ['header one of x-datadog-trace-id dd-pathway-ctx-base64'],
  },
] as const;

const PATHWAY_TIME = 'header dd-pathway-ctx-base64 as datadog-pathway-time';

/** Bodies with known names but no envelope, then records that only their headers say something of. */
export const GENERAL_DIALECTS: readonly DialectSpec[] = [
  {
    name: 'flat',
    title: 'Flat events: own fields beside each other, the type in the topic',
    when: [
      'body has one of /action_type /agent_name /stored_at /promoted_at /emitted_at /decided_at /observed_at /selected_agent',
    ],
    rules: beforeGeneral({ eventId: ['body /event_id', 'body /id'] }),
  },
  {
    name: 'flat-with-id',
    title: 'Flat events with an id of their own',
    when: ['body has /id', 'body has /correlation_id', 'body has one of /timestamp /*_at'],
    rules: beforeGeneral({ eventId: ['body /event_id', 'body /id'] }),
  },
  {
    name: 'plain-json',
    title: 'Any JSON object that uses the plain names',
    when: [
      'body has one of /correlation_id /correlationId /event_id /eventId /event_type /eventType /payload_type /causation_id /causationId /trace_id /traceId /timestamp /occurredAt /payload/correlation_id /source_service /service /*_data/correlation_id /metadata/correlation_id /envelope_id /*_at',
    ],
    rules: beforeGeneral({
      eventId: ['body /event_id', 'body /eventId', 'body /envelope_id'],
      service: ['body /source_service', 'body /service', 'body /source/service', 'body /source'],
    }),
  },
  {
    name: 'onex-headers-2025',
    title: 'Headers of November 2025: x-correlation-id, x-causation-id, x-traceparent',
    when: ['header one of x-correlation-id x-causation-id x-tenant x-schema-hash'],
    rules: beforeGeneral({}),
  },
  {
    name: 'onex-headers-2026',
    title: 'Headers of the 2026 bus, of its dead letters, replays and quarantine',
    when: [
      'header one of correlation_id message_id x-replay-correlation-id x-quarantine-correlation-id original_topic dlq_topic',
    ],
    rules: beforeGeneral({
      eventId: [...GENERAL.eventId, 'header message_id'],
      correlationId: [...GENERAL.correlationId, 'header x-replay-correlation-id', 'header x-quarantine-correlation-id'],
      occurredAt: [...GENERAL.occurredAt, 'header timestamp', 'header failure_timestamp'],
    }),
  },
  {
    name: 'dead-letter-headers',
    title: 'Dead letters of other frameworks: the original topic in a header',
    when: [`header one of ${ORIGINAL_TOPIC_HEADERS.join(' ')}`],
    rules: beforeGeneral({}),
  },
  ...TRACING.map((spec) => ({
    ...spec,
    rules: beforeGeneral({ occurredAt: [...GENERAL.occurredAt, PATHWAY_TIME] }),
  })),
  {
    name: 'correlation-headers',
    title: 'Nothing but a correlation id in a header',
    when: ['header one of correlation-id ce_correlationid causation-id causation_id trace_id'],
    rules: beforeGeneral({}),
  },
];
