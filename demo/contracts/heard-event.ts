import { isJsonObject, type JsonObject } from './json.ts';

/** An event a service read from the broker, as far as the service needs it. */
export interface HeardEvent {
  readonly topic: string;
  readonly eventId: string | null;
  readonly correlationId: string;
  readonly type: string;
  readonly payload: JsonObject;
}

/** Larger values are not for us: no event of this conversation comes near. */
const MAX_VALUE_BYTES = 256 * 1024;

/** Reads a record's value; null for everything that is not an event of the conversation (garbage is not an error here). */
export function readHeardEvent(topic: string, value: Buffer | null): HeardEvent | null {
  if (value === null || value.length > MAX_VALUE_BYTES) return null;
  const body = parse(value.toString('utf8'));
  if (!isJsonObject(body)) return null;
  const { correlation_id: correlationId, event_type: type, event_id: eventId, payload } = body;
  if (typeof correlationId !== 'string' || typeof type !== 'string' || !isJsonObject(payload)) return null;
  return { topic, correlationId, type, payload, eventId: typeof eventId === 'string' ? eventId : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
