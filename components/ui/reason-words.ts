import { isUndecodable, type Reason } from '@/server/model/reason.ts';

/** Where records with a reason are listed: they could not be read, they name no trace, or they are a tracing system's own. */
export type ReasonGroup = 'undecodable' | 'uncorrelated' | 'telemetry';

export function reasonGroup(reason: Reason): ReasonGroup {
  if (reason === 'telemetry') return 'telemetry';
  return isUndecodable(reason) ? 'undecodable' : 'uncorrelated';
}

/** A reason in few words, for a row or a filter. */
export const REASON_WORDS: Record<Reason, string> = {
  uncorrelated: 'no correlation id',
  'not json': 'broken JSON',
  'invalid utf-8': 'not UTF-8',
  'json too deep': 'JSON nested too deep',
  'too large to decode': 'too large to decode',
  'no value': 'no value',
  'not an object': 'not an object',
  'empty value': 'empty value',
  'poison value': 'refused by the database',
  'plain text': 'plain text',
  binary: 'binary, format unknown',
  'unknown schema': 'schema id unknown',
  'registry unreachable': 'registry unreachable',
  'no registry': 'no schema registry set',
  'unusable schema': 'schema not usable',
  'schema mismatch': 'does not fit its schema',
  'no such message': 'no such message in schema',
  telemetry: 'telemetry',
};

/** A reason in a sentence, for the event itself. */
export const REASON_SENTENCES: Record<Reason, string> = {
  uncorrelated: 'The event names no correlation id, so it belongs to no trace.',
  'not json': 'The value begins like JSON and is not: it ends early or breaks a rule.',
  'invalid utf-8': 'The value holds bytes that are no UTF-8.',
  'json too deep': 'The JSON is nested deeper than it is read.',
  'too large to decode': 'The value is larger than what is decoded. Its bytes are stored whole.',
  'no value': 'The record has no value (a tombstone).',
  'not an object': 'The value is read, but it is no object and holds no envelope.',
  'empty value': 'The value is empty.',
  'poison value': 'The database refused the value, so it is stored alone, as raw bytes.',
  'plain text': 'The value is plain text and holds no envelope.',
  binary: 'The value is binary in no format we know, and no schema id stands in front of it.',
  'unknown schema': 'The schema registry has no schema of the id that the record names.',
  'registry unreachable': 'The schema registry could not be asked. The record is read again when it answers.',
  'no registry': 'The value begins with a schema id, and no schema registry is set (SCHEMAREGISTRY_URLS).',
  'unusable schema': 'The registry has the schema, but it is too large, not understood or of a kind we do not read.',
  'schema mismatch': 'The bytes do not fit the schema that they name.',
  'no such message': 'The record names a Protobuf message that its schema does not have.',
  telemetry: 'Spans, metrics or logs of a tracing system: an event of its own kind, in no trace.',
};
