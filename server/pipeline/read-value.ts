import { decodeValue, type Schemas } from '../decode/decode-value.ts';
import { decodeExactly } from '../decode/exact-numbers.ts';
import { resolveEnvelope } from '../envelope/resolve-envelope.ts';
import type { Decoded } from '../model/decoded.ts';
import type { ResolvedEnvelope } from '../model/event.ts';
import type { SourceRecord } from '../model/record.ts';
import type { TopicName } from '../model/topic-name.ts';
import type { Reading } from './reading.ts';
import { hasRepeatedFields } from './repeated-fields.ts';

/** A record's value, decoded, and the envelope in it. */
export interface ReadValue {
  readonly decoded: Decoded;
  readonly envelope: ResolvedEnvelope;
}

/** No registry was asked for anything. */
export const NO_SCHEMAS: Schemas = new Map();

/**
 * Decodes a record's value and resolves its envelope: the first two steps of ingest, and what pages do again to show ids
 * as the events wrote them. An id that is a number too large for JavaScript is read a second time, digit by digit.
 */
export function readValue(record: SourceRecord, topic: TopicName, reading: Reading, schemas: Schemas): ReadValue {
  const decoded = decodeValue(record, schemas, reading.readers);
  const envelope = resolve(decoded, record, topic, reading);
  if (!envelope.needsExactNumbers || decoded.kind !== 'value' || decoded.format !== 'json' || record.value === null) {
    return { decoded, envelope };
  }
  const value = decodeExactly(record.value);
  // A rounded id would put events of two traces into one.
  const exact: Decoded =
    value === undefined ? { kind: 'unreadable', reason: 'json too deep', schemaId: null } : { ...decoded, value };
  return { decoded: exact, envelope: resolve(exact, record, topic, reading) };
}

function resolve(decoded: Decoded, record: SourceRecord, topic: TopicName, { rules }: Reading): ResolvedEnvelope {
  const envelope = resolveEnvelope(decoded.kind === 'value' ? decoded.value : null, record, topic, rules);
  const { flags, resolution } = envelope;
  if (decoded.kind !== 'value' || decoded.format !== 'json' || record.value === null) return envelope;
  if (flags.includes('repeated_field') || !hasRepeatedFields(record.value, resolution)) return envelope;
  return { ...envelope, flags: [...flags, 'repeated_field'] };
}
