import { isUtf8 } from 'node:buffer';
import type { ResolvedEnvelope, Term } from '../model/event.ts';
import { foldId, isSameId, traceKeyFromHex } from '../model/trace-key.ts';
import type { TraceIdentity } from './identify-trace.ts';

const NO_TERMS: readonly Term[] = [];

/**
 * What an event's trace is found by beside its correlation id and its events' ids: the trace id of a tracing system, and
 * the record key where it is neither. Most events have none: their key is their correlation id.
 */
export function termsOf(
  envelope: Pick<ResolvedEnvelope, 'eventId' | 'traceId'>,
  { idKind, idText }: TraceIdentity,
  key: Buffer | null,
): readonly Term[] {
  if (idText === null) return NO_TERMS;
  const { eventId, traceId } = envelope;
  const text = key === null || key.length === 0 ? null : keyText(key);
  const ownKey = text !== null && !isSameId(text, idText) && (eventId === null || !isSameId(text, eventId));
  const ownTrace = traceId !== null && idKind !== 'trace' && !isSameId(traceId, idText.replaceAll('-', ''));
  if (!ownKey && !ownTrace) return NO_TERMS;
  const terms: Term[] = [];
  if (ownTrace) terms.push({ kind: 'trace', value: traceId });
  if (ownKey) terms.push({ kind: 'key', value: foldId(text) });
  return terms;
}

/** A key as text; 16 bytes that are none are a UUID. Null for other bytes: nobody types them. */
function keyText(key: Buffer): string | null {
  if (isUtf8(key)) return key.toString('utf8');
  return key.length === 16 ? traceKeyFromHex(key.toString('hex')) : null;
}
