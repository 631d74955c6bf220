import type { Schemas } from '../decode/decode-value.ts';
import type { DeadLetterFacts } from '../model/dead-letter.ts';
import type { SourceRecord } from '../model/record.ts';
import { deadLetterOf } from './dead-letter-of.ts';
import { NO_SCHEMAS, type ReadValue, readValue } from './read-value.ts';
import type { Reading } from './reading.ts';

/** A stored record, read anew. */
export interface ResolvedRecord extends ReadValue {
  readonly deadLetter: DeadLetterFacts | null;
}

/** Reads a stored record anew, by the rules of today: its value, its fields, dialect, and where each field was found. */
export function resolveRecord(
  record: SourceRecord,
  topic: string,
  reading: Reading,
  schemas: Schemas = NO_SCHEMAS,
): ResolvedRecord {
  const read = readValue(record, reading.queues.topicName(topic), reading, schemas);
  return { ...read, deadLetter: deadLetterOf(record, topic, read) };
}
