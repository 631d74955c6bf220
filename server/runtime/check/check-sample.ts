import { isUndecodable, type Reason } from '../../model/reason.ts';
import type { SourceRecord } from '../../model/record.ts';
import { readTopicName } from '../../model/topic-name.ts';
import { type CheckableRecord, checkableRecord, checkRecord } from '../../pipeline/check-record.ts';
import { NO_SCHEMAS, readValue } from '../../pipeline/read-value.ts';
import type { Reading } from '../../pipeline/reading.ts';
import { chooseSchemas } from '../../schema/check-event.ts';
import { chooseSchema } from '../../schema/choose-schema.ts';
import type { CompiledSchema } from '../../schema/compile-schema.ts';
import { readJsonText } from '../../schema/json-text.ts';
import { typeWithoutVersion } from '../../schema/purpose.ts';
import { isSameLine } from '../../schema/same-line.ts';
import type { SchemaSet } from '../../schema/schema-set.ts';
import type { Outcome } from './tally.ts';

/** What is asked of events. */
export interface Standard {
  /** How the tap would read them. */
  readonly reading: Reading;
  readonly set: SchemaSet;
  /** The one schema that events of its types are held against; null to choose for each as the tap does. */
  readonly only: CompiledSchema | null;
}

/** An event, read and judged. */
export interface JudgedSample {
  readonly eventType: string | null;
  /** Null for an event of a type that `Standard.only` does not describe. */
  readonly outcome: Outcome | null;
}

/** Bytes of a value that is no JSON, up to which the place of the mistake is looked for. */
const MOST_LOOKED_AT = 2_000_000;

/** Reads a record and holds it against its schemas, both as the tap does. Pure, and total. */
export function checkSample(record: SourceRecord, topic: string | null, standard: Standard): JudgedSample {
  const name = readTopicName(topic ?? '');
  const read = readValue(record, name, standard.reading, NO_SCHEMAS);
  const checkable = checkableRecord(record, name, read);
  if (checkable === null) {
    const reason = read.decoded.kind === 'unreadable' ? read.decoded.reason : 'no value';
    return { eventType: read.envelope.eventType, outcome: unreadable(reason, record) };
  }
  const eventType = checkable.facts.eventType === '' ? null : checkable.facts.eventType;
  if (standard.only !== null) {
    return { eventType, outcome: heldAgainst(record, checkable, standard.only, standard.set) };
  }
  const outcome = checkRecord(record, checkable, chooseSchemas(checkable.facts, standard.set));
  const isNamed = topic !== null || standard.set.byType.has(typeWithoutVersion(checkable.facts.eventType));
  if (outcome.status !== 'unchecked' || isNamed) return { eventType, outcome };
  const why = `no schema is for ${eventType === null ? 'an event that names no type' : `“${eventType}”`}, and its topic is not known`;
  return { eventType, outcome: { ...outcome, why } };
}

/** Where no registry can be asked, and where there is no value, nobody did anything wrong. */
const NOT_CHECKED: Partial<Record<Reason, string>> = {
  'no registry': 'its value begins with a schema id, and no registry can be asked here',
  'no value': 'it has no value',
  'empty value': 'its value is empty',
};

function unreadable(reason: Reason, { value }: SourceRecord): Outcome {
  const why = NOT_CHECKED[reason];
  if (why !== undefined || !isUndecodable(reason)) {
    return { status: 'unchecked', why: why ?? `its value is no event: ${reason}` };
  }
  const place = reason === 'not json' && value !== null && value.length <= MOST_LOOKED_AT ? mistakeIn(value) : '';
  return { status: 'unreadable', why: `the value cannot be read: ${reason}${place}` };
}

function mistakeIn(value: Buffer): string {
  const json = readJsonText(value.toString('utf8'));
  return json.kind === 'broken' ? `; in its line ${json.line}, ${json.reason}` : '';
}

/** Null for an event of another type. */
function heldAgainst(
  record: SourceRecord,
  checkable: CheckableRecord,
  schema: CompiledSchema,
  set: SchemaSet,
): Outcome | null {
  const { facts } = checkable;
  if (!isDescribedBy(checkable, schema, set)) return null;
  const { address } = schema.document;
  const alone: SchemaSet = { ...set, byReference: new Map([[address, [schema]]]), byDialect: new Map() };
  const outcome = checkRecord(record, checkable, chooseSchemas({ ...facts, reference: address }, alone));
  return { ...outcome, why: outcome.status === 'unchecked' ? outcome.why : 'the new version of its schema' };
}

/** A schema that says of nothing what it is for is for every event. */
function isDescribedBy({ facts }: CheckableRecord, schema: CompiledSchema, set: SchemaSet): boolean {
  const { eventTypes, topics, references, dialects } = schema.document.purpose;
  if (eventTypes.length + topics.length + references.length + dialects.length === 0) return true;
  if (dialects.includes(facts.dialect) || eventTypes.includes(typeWithoutVersion(facts.eventType))) return true;
  const choice = chooseSchema(facts, set);
  return choice.kind === 'schema' && (choice.schema === schema || isSameLine(choice.schema, schema));
}
