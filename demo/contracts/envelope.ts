import type { JsonObject } from './json.ts';

/** What every envelope says about an event. `atMs` is when it happened, in milliseconds since 1970. */
export interface EnvelopeFacts {
  readonly correlationId: string;
  readonly type: string;
  readonly service: string;
  readonly atMs: number;
  readonly payload: JsonObject;
}

/** OnexEnvelopeV1 as the core library of the ecosystem wrote it in October 2025. It has no causation id. */
export function onexEnvelope(eventId: string, facts: EnvelopeFacts): JsonObject {
  return {
    envelope_version: { major: 1, minor: 0, patch: 0 },
    correlation_id: facts.correlationId,
    event_id: eventId,
    event_type: facts.type,
    timestamp: offsetTime(facts.atMs),
    source_service: facts.service,
    payload: facts.payload,
  };
}

/** The variant of the integration report: no event id, `version` where the other has `envelope_version`. */
export function reportEnvelope(facts: EnvelopeFacts): JsonObject {
  return {
    correlation_id: facts.correlationId,
    event_type: facts.type,
    payload: facts.payload,
    timestamp: new Date(facts.atMs).toISOString(),
    source_service: facts.service,
    version: '1.0.0',
  };
}

/** A time as Python's `isoformat` writes it: microseconds and a numeric zone. */
export function offsetTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000+00:00');
}
