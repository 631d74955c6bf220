import type { Schemas } from '../decode/decode-value.ts';
import type { Decoded } from '../model/decoded.ts';
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
import { checkUnreadable } from './check-unreadable.ts';
import { NO_SCHEMAS, type ReadValue } from './read-value.ts';
import { createRegistrySchemas, type NamedSchema, type RegistrySchemas } from './registry-schemas.ts';
import { schemaIdentity } from './schema-identity.ts';

/** Holds a record that was read against the schemas in force. `schemas` are those it was read by. Never throws. */
export type CheckSchemas = (record: SourceRecord, topic: TopicName, read: ReadValue, schemas?: Schemas) => SchemaCheck;

/** Nothing is held against anything. */
export const NO_CHECKS: CheckSchemas = () => UNCHECKED;

/** Choices that are remembered; events of strangers may name new types and schemas without end. */
const MOST_CHOICES = 5_000;
const LONGEST_KEY = 1_000;

/**
 * The checks of a set of schemas, and of those of a registry that records name. Which schemas an event follows is worked out
 * once for all events that say the same of themselves, and an event that fits is answered by one object for its schema.
 * Records that are no events of their own (dead letters, their copies, telemetry) are not checked.
 */
export function createSchemaChecks(set: SchemaSet, registry: RegistrySchemas = createRegistrySchemas()): CheckSchemas {
  const chosen = rememberedChoices(set);
  const fitting = new Map(
    set.schemas.map((schema): [CompiledSchema, SchemaCheck] => [
      schema,
      { status: 'ok', schema: schemaIdentity(schema), errors: [], complete: true },
    ]),
  );
  return (record, topic, read, schemas = NO_SCHEMAS) => {
    if (topic.kind !== 'events' || isSetAside(read)) return UNCHECKED;
    const named = namedSchema(read.decoded, topic, schemas, registry);
    if (read.decoded.kind === 'unreadable') return checkUnreadable(read.decoded, named);
    if (named === null && set.schemas.length === 0) return UNCHECKED;
    const checkable = checkableRecord(record, topic, read, named?.wire);
    if (checkable === null) return UNCHECKED;
    const { facts } = checkable;
    const check = checkRecord(record, checkable, chosen(facts));
    const fits = (schema: CompiledSchema | null) =>
      schema === null ? undefined : schema === named?.wire.schema ? named.fits : fitting.get(schema);
    if (check.status === 'ok') return fits(check.schema) ?? UNCHECKED;
    return toStored(check, (schema) => fits(schema)?.schema ?? null);
  };
}

/** The schema of a registry that a record names, where it is at hand. */
function namedSchema(
  { schemaId }: Decoded,
  topic: TopicName,
  schemas: Schemas,
  registry: RegistrySchemas,
): NamedSchema | null {
  const answer = schemaId === null ? undefined : schemas.get(schemaId);
  return answer?.kind === 'found' ? registry.named(answer.schema, topic.name) : null;
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

/** What was chosen for an event that names a schema of a registry holds for that one as it was compiled then. */
interface Choice {
  readonly wire: EventFacts['wire'];
  readonly made: ChosenSchemas;
}

function rememberedChoices(set: SchemaSet): (facts: EventFacts) => ChosenSchemas {
  const byTopic = new Map<string, Map<string, Choice>>();
  let held = 0;
  return (facts) => {
    const { reference, wire, eventType, version, topic, dialect } = facts;
    // A type may be a megabyte long: such a text is no key.
    if (eventType.length + (reference?.length ?? 0) > LONGEST_KEY) return chooseSchemas(facts, set);
    if (held >= MOST_CHOICES) {
      byTopic.clear();
      held = 0;
    }
    // Of a reference and a type alone it is not known where they end.
    const key = `${reference?.length ?? ''} ${version?.join('.') ?? ''} ${dialect} ${wire?.id ?? ''} ${reference ?? ''}${eventType}`;
    const known = byTopic.get(topic.name) ?? new Map<string, Choice>();
    const found = known.get(key);
    if (found?.wire === wire) return found.made;
    const made = chooseSchemas(facts, set);
    if (found === undefined) held += 1;
    known.set(key, { wire, made });
    byTopic.set(topic.name, known);
    return made;
  };
}
