import type { DialectSpec } from '../../model/dialect.ts';
import { BODY_CORRELATION, beforeGeneral, TRACING_FIRST, typeAfterBody } from './general-rules.ts';

/** Envelopes of CloudEvents and of messaging frameworks: their own names, mostly in headers. */
export const FRAMEWORK_DIALECTS: readonly DialectSpec[] = [
  {
    name: 'cloudevents-structured',
    title: 'CloudEvents in structured mode: the whole event is the body',
    when: ['body has /specversion', 'body has /type', 'body has /source', 'body has /id'],
    rules: beforeGeneral({
      ...TRACING_FIRST,
      eventId: ['body /id'],
      eventType: ['body /type'],
      correlationId: [
        'body /correlationid',
        'body /correlation_id',
        'body /correlationId',
        'body /data/correlation_id',
        'body /data/correlationId',
      ],
      causationId: ['body /causationid', 'body /causation_id', 'body /data/causation_id'],
      service: ['body /source'],
      occurredAt: ['body /time'],
      tenant: ['body /tenantid'],
    }),
  },
  {
    name: 'cloudevents',
    title: 'CloudEvents in binary mode: attributes in ce_ headers',
    when: ['header ce_id', 'header one of ce_type ce_source ce_specversion'],
    rules: beforeGeneral({
      ...TRACING_FIRST,
      eventId: ['header ce_id'],
      eventType: ['header ce_type'],
      service: ['header ce_source'],
      occurredAt: ['header ce_time'],
      tenant: ['header ce_tenantid'],
    }),
  },
  {
    name: 'nservicebus',
    title: 'NServiceBus: NServiceBus.* headers',
    when: ['header starts with NServiceBus.'],
    rules: beforeGeneral({
      eventId: ['header NServiceBus.MessageId'],
      eventType: ['header NServiceBus.EnclosedMessageTypes as dotnet-type'],
      correlationId: [...BODY_CORRELATION, 'header NServiceBus.ConversationId', 'header NServiceBus.CorrelationId'],
      causationId: ['header NServiceBus.RelatedTo'],
      service: ['header NServiceBus.OriginatingEndpoint'],
      occurredAt: ['header NServiceBus.TimeSent'],
    }),
  },
  {
    name: 'masstransit',
    title: 'MassTransit: the message in its envelope',
    when: ['body has /messageId', 'body has /messageType', 'body has /message'],
    rules: beforeGeneral({
      eventId: ['body /messageId'],
      eventType: ['body /messageType/0 as urn-name', 'body /messageType as urn-name'],
      correlationId: [
        'body /conversationId',
        'body /correlationId',
        'body /message/correlationId',
        'header MT-InitiatingConversationId',
        'header MT-Activity-Correlation-Context',
      ],
      causationId: ['body /initiatorId', 'header MT-InitiatorId'],
      service: ['body /sourceAddress as uri-name', 'header MT-Source-Address as uri-name', 'body /host/processName'],
      occurredAt: ['body /sentTime'],
    }),
  },
  {
    name: 'masstransit-headers',
    title: 'MassTransit: a bare message with MT- headers',
    when: ['header starts with MT-'],
    rules: beforeGeneral({
      eventId: ['header MT-MessageId', 'header MT-OriginalMessageId'],
      eventType: typeAfterBody('header MT-MessageType as urn-name'),
      correlationId: [
        ...BODY_CORRELATION,
        'header MT-ConversationId',
        'header MT-InitiatingConversationId',
        'header MT-CorrelationId',
        'header MT-Activity-Correlation-Context',
      ],
      causationId: ['header MT-InitiatorId'],
      service: ['header MT-Source-Address as uri-name'],
      occurredAt: ['header MT-SentTime'],
    }),
  },
  {
    name: 'axon',
    title: 'Axon: axon-message-id and metadata in headers',
    when: ['header one of axon-message-id axon-metadata-correlationId axon-metadata-traceId'],
    rules: beforeGeneral({
      eventId: ['header axon-message-id'],
      eventType: ['header axon-message-type'],
      correlationId: [...BODY_CORRELATION, 'header axon-metadata-correlationId'],
      causationId: ['header axon-metadata-causationId', 'header axon-metadata-traceId'],
      occurredAt: ['header axon-message-timestamp'],
    }),
  },
  {
    name: 'wolverine',
    title: 'Wolverine: id, message-type, sent-at in headers',
    when: ['header id', 'header one of message-type sent-at conversation-id'],
    rules: beforeGeneral({
      eventId: ['header id'],
      eventType: ['header message-type'],
      correlationId: [...BODY_CORRELATION, 'header correlation-id', 'header conversation-id', 'header saga-id'],
      causationId: ['header causation-id', 'header parent-id'],
      service: ['header source as uri-name'],
      occurredAt: ['header sent-at'],
      tenant: ['header tenant-id'],
      traceId: ['header traceparent as w3c-trace-id', 'header parent-id as w3c-trace-id'],
      spanId: ['header traceparent as w3c-span-id', 'header parent-id as w3c-span-id'],
    }),
  },
  {
    name: 'spring',
    title: 'Spring Kafka: kafka_correlationId, __TypeId__',
    when: ['header one of kafka_correlationId __TypeId__'],
    rules: beforeGeneral({
      eventType: typeAfterBody('header event_type', 'header ce_type', 'header __TypeId__'),
      correlationId: [
        ...BODY_CORRELATION,
        'header kafka_correlationId unless body has one of /correlation_id /correlationId /payload/correlation_id',
      ],
    }),
  },
];
