import { type EnvelopeFacts, onexEnvelope } from '../contracts/envelope.ts';
import type { JsonObject } from '../contracts/json.ts';
import { type Chance, uuid } from './chance.ts';

/** What a decision may look at besides the event it answers. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly chance: Chance;
}

/** An event a service has decided to produce. Times count from the decision. */
export interface PlannedEvent {
  readonly topic: string;
  readonly key: string;
  readonly body: JsonObject;
  readonly eventId: string | null;
  readonly correlationId: string;
  readonly type: string;
  /** When it happens: the body's own time says so. */
  readonly occursInMs: number;
  /** When its record goes to the broker; later than it happens for a late event. */
  readonly sendsInMs: number;
  /** How often the same record goes out: 2 for a producer that retried although the first attempt had arrived. */
  readonly copies: number;
}

/** An event in OnexEnvelopeV1 that happens after `occursInMs` and is sent at once, keyed by its correlation id. */
export function plan(
  topic: string,
  facts: Omit<EnvelopeFacts, 'atMs'>,
  occursInMs: number,
  { nowMs, chance }: Surroundings,
): PlannedEvent {
  const eventId = uuid(chance);
  return {
    topic,
    key: facts.correlationId,
    body: onexEnvelope(eventId, { ...facts, atMs: nowMs + occursInMs }),
    eventId,
    correlationId: facts.correlationId,
    type: facts.type,
    occursInMs,
    sendsInMs: occursInMs,
    copies: 1,
  };
}
