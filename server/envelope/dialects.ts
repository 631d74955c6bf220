import { body, type Dialect, header } from './dialect.ts';

/** OnexEnvelopeV1 of omnibase_core (October 2025): every id in the body, no causation id, no headers. */
const onexEnvelopeV1: Dialect = {
  name: 'onex-envelope-v1',
  requires: ['envelope_version', 'correlation_id', 'event_type'],
  rules: {
    eventId: [body('event_id')],
    eventType: [body('event_type')],
    correlationId: [body('correlation_id')],
    causationId: [body('causation_id')],
    service: [body('source_service')],
    occurredAt: [body('timestamp')],
  },
};

/** The integration report's variant: `version` in place of `envelope_version`, usually without an event id. */
const onexEnvelopeSeed: Dialect = {
  name: 'onex-envelope-seed',
  requires: ['version', 'correlation_id', 'event_type', 'source_service'],
  rules: onexEnvelopeV1.rules,
};

/** Any JSON object that uses the plain names. The last resort, so it asks for nothing. */
const plainJson: Dialect = {
  name: 'plain-json',
  requires: [],
  rules: {
    eventId: [body('event_id'), body('eventId')],
    eventType: [body('event_type'), body('eventType')],
    correlationId: [
      body('correlation_id'),
      body('correlationId'),
      body('payload', 'correlation_id'),
      header('x-correlation-id', 'correlation_id'),
      header('correlation_id', 'correlation_id'),
    ],
    causationId: [body('causation_id'), body('causationId'), header('x-causation-id', 'causation_id')],
    service: [body('source_service'), body('service')],
    occurredAt: [body('timestamp'), body('occurred_at')],
  },
};

/** The built-in dialects in the order they are tried. Adding one is adding it here; no other dialect changes. */
export const BUILT_IN_DIALECTS: readonly Dialect[] = [onexEnvelopeV1, onexEnvelopeSeed, plainJson];

/** Version of the rules; stored with every event, so that a page can say by which rules it was read. */
export const RESOLVER_VERSION = 1;
