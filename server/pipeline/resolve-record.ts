import type { Schemas } from '../decode/decode-value.ts';
import type { SourceRecord } from '../model/record.ts';
import { readTopicName } from '../model/topic-name.ts';
import { NO_SCHEMAS, type ReadValue, readValue } from './read-value.ts';
import type { Reading } from './reading.ts';

/** Reads a stored record anew, by the rules of today: its value, its fields, dialect, and where each field was found. */
export function resolveRecord(
  record: SourceRecord,
  topic: string,
  reading: Reading,
  schemas: Schemas = NO_SCHEMAS,
): ReadValue {
  return readValue(record, readTopicName(topic), reading, schemas);
}
