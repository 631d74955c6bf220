import { decodeValue } from '../decode/decode-value.ts';
import type { ResolvedEnvelope } from '../model/event.ts';
import type { SourceRecord } from '../model/record.ts';
import { resolveDecoded } from './prepare-event.ts';

/** Resolves a stored record anew, by the rules of today: fields, dialect, and where each field was found. */
export function resolveRecord(record: SourceRecord, topic: string): ResolvedEnvelope {
  return resolveDecoded(decodeValue(record.value), record, topic);
}
