import { decodeValue } from '../decode/decode-value.ts';
import type { ResolvedEnvelope } from '../model/event.ts';
import type { SourceRecord } from '../model/record.ts';
import { readTopicName } from '../model/topic-name.ts';
import { resolveDecoded } from './prepare-event.ts';
import type { Reading } from './reading.ts';

/** Resolves a stored record anew, by the rules of today: fields, dialect, and where each field was found. */
export function resolveRecord(record: SourceRecord, topic: string, reading: Reading): ResolvedEnvelope {
  return resolveDecoded(decodeValue(record.value), record, readTopicName(topic), reading);
}
