import type { SourceRecord } from '../model/record.ts';
import {
  type FoundViolation,
  MOST_FOUND,
  type SchemaCheck,
  type SchemaIdentity,
  UNCHECKED,
} from '../model/schema-check.ts';
import type { TopicName } from '../model/topic-name.ts';
import { type ChosenSchemas, chooseSchemas } from '../schema/check-event.ts';
import type { EventFacts } from '../schema/choose-schema.ts';
import type { CompiledSchema } from '../schema/compile-schema.ts';
import type { SchemaSet } from '../schema/schema-set.ts';
import { checkableRecord, checkRecord, type RecordCheck } from './check-record.ts';
import type { ReadValue } from './read-value.ts';
import { schemaIdentity } from './schema-identity.ts';

/** Holds a record that was read against the schemas in force. Never throws, whatever the record. */
export type CheckSchemas = (record: SourceRecord, topic: TopicName, read: ReadValue) => SchemaCheck;

/** Nothing is held against anything. */
export const NO_CHECKS: CheckSchemas = () => UNCHECKED;

/** Choices that are remembered; events of strangers may name new types and schemas without end. */
const MOST_CHOICES = 5_000;
const LONGEST_KEY = 1_000;

/**
 * The checks of a set of schemas. Which schemas an event follows is worked out once for all events that say the same of
 * themselves, and an event that fits is answered by one object for its schema. Records that are no events of their own
 * (dead letters, their copies, telemetry) are not checked.
 */
export function createSchemaChecks(set: SchemaSet): CheckSchemas {
  if (set.schemas.length === 0) return NO_CHECKS;
  const chosen = rememberedChoices(set);
  const fitting = new Map(
    set.schemas.map((schema): [CompiledSchema, SchemaCheck] => [
      schema,
      { status: 'ok', schema: schemaIdentity(schema), errors: [], complete: true },
    ]),
  );
  const identity = (schema: CompiledSchema | null) => (schema === null ? null : (fitting.get(schema)?.schema ?? null));
  return (record, topic, read) => {
    if (topic.kind !== 'events' || isSetAside(read)) return UNCHECKED;
    const checkable = checkableRecord(record, topic, read);
    if (checkable === null) return UNCHECKED;
    const check = checkRecord(record, checkable, chosen(checkable.facts));
    if (check.status === 'ok') return fitting.get(check.schema) ?? UNCHECKED;
    return toStored(check, identity);
  };
}

/** A dead letter on a topic whose name does not say so: its body may wrap that of another event. */
export function isSetAside({ envelope: { flags } }: ReadValue): boolean {
  return flags.includes('dead_letter') || flags.includes('dead_letter_mirror');
}

function toStored(check: RecordCheck, identity: (schema: CompiledSchema | null) => SchemaIdentity | null): SchemaCheck {
  switch (check.status) {
    case 'unknown reference':
      return { status: 'unknown_reference', schema: null, errors: [unknownReference(check)], complete: true };
    case 'violation': {
      const found = check.broken.flatMap(({ schema, errors }) =>
        errors.map(({ path, rule, sentence, was, nearMiss }): FoundViolation => {
          return { path, rule, sentence, was, nearMiss, schema: identity(schema) };
        }),
      );
      return {
        status: 'violation',
        schema: identity(check.schema),
        errors: found.slice(0, MOST_FOUND),
        complete: found.length <= MOST_FOUND && check.broken.every(({ complete }) => complete),
      };
    }
    default:
      return UNCHECKED;
  }
}

/** The event names it somewhere at its root, or in a header. */
function unknownReference({ reference, why }: { readonly reference: string; readonly why: string }): FoundViolation {
  const was = JSON.stringify(reference);
  return { path: '', rule: 'unknown_reference', sentence: why, was, nearMiss: null, schema: null };
}

function rememberedChoices(set: SchemaSet): (facts: EventFacts) => ChosenSchemas {
  const byTopic = new Map<string, Map<string, ChosenSchemas>>();
  let held = 0;
  return (facts) => {
    const { reference, wireId, eventType, version, topic, dialect } = facts;
    // A type may be a megabyte long: such a text is no key.
    if (eventType.length + (reference?.length ?? 0) > LONGEST_KEY) return chooseSchemas(facts, set);
    if (held >= MOST_CHOICES) {
      byTopic.clear();
      held = 0;
    }
    // Of a reference and a type alone it is not known where they end.
    const key = `${reference?.length ?? ''} ${wireId ?? ''} ${version?.join('.') ?? ''} ${dialect} ${reference ?? ''}${eventType}`;
    const known = byTopic.get(topic.name) ?? new Map<string, ChosenSchemas>();
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = chooseSchemas(facts, set);
    known.set(key, made);
    byTopic.set(topic.name, known);
    held += 1;
    return made;
  };
}
