import type { SchemaId } from '../model/decoded.ts';
import type { TopicName } from '../model/topic-name.ts';
import type { CompiledSchema } from './compile-schema.ts';
import { typeWithoutVersion } from './purpose.ts';
import type { SchemaSet } from './schema-set.ts';
import { fitsVersion, readVersion, type Version } from './version.ts';

/** What of an event says which schema it follows. */
export interface EventFacts {
  /** The schema that the event names itself, in `schema_ref` or `dataschema`; null when it names none. See `statedSchema`. */
  readonly reference: string | null;
  /** The schema of a registry that the bytes of the record name; null when they name none. */
  readonly wire: WireSchema | null;
  readonly eventType: string;
  /** The version of its payload's schema, as the event says; null when it does not. */
  readonly version: Version | null;
  readonly topic: TopicName;
  /** The dialect that its envelope was resolved by. */
  readonly dialect: string;
}

/** A schema of a registry that records name by its id. */
export interface WireSchema {
  readonly id: SchemaId;
  /** Null when it cannot be used to check anything. */
  readonly schema: CompiledSchema | null;
  /**
   * JSON may say anything, whatever schema it names: it is held against it, before all others. What is Avro or Protobuf
   * was read by its schema, and so fits it: that decides only where no other schema is for the event.
   */
  readonly decides: boolean;
}

/** Which schema an event follows, and why: a sentence without a full stop. */
export type SchemaChoice = { readonly why: string } & (
  | {
      readonly kind: 'schema';
      readonly schema: CompiledSchema;
      readonly by: 'reference' | 'wire id' | 'event type' | 'topic';
    }
  | { readonly kind: 'unchecked' }
  /** The event names a schema that nobody has. A violation of its own kind. */
  | { readonly kind: 'unknown reference'; readonly reference: string }
);

const LONGEST_SHOWN = 100;

/**
 * Chooses the schema of an event: by its own reference, else by the schema id of its bytes, else by its type and version,
 * else by its topic. An event that nothing describes is unchecked, and so is a dead letter: its body wraps that of another event.
 */
export function chooseSchema(facts: EventFacts, set: SchemaSet): SchemaChoice {
  if (facts.topic.kind !== 'events')
    return { kind: 'unchecked', why: `records of a ${facts.topic.kind} topic are not checked` };
  const choice = byReference(facts, set) ?? byWireId(facts) ?? byType(facts, set) ?? byTopic(facts, set);
  return choice.kind === 'unchecked' ? (byReading(facts) ?? choice) : choice;
}

/** The schema of the envelope itself, which is checked beside that of the payload; null when its dialect has none. */
export function envelopeSchema({ dialect, topic }: EventFacts, set: SchemaSet): CompiledSchema | null {
  return topic.kind === 'events' ? (set.byDialect.get(dialect)?.[0] ?? null) : null;
}

function byReference({ reference }: EventFacts, set: SchemaSet): SchemaChoice | null {
  if (reference === null) return null;
  const schema = set.byReference.get(reference)?.[0] ?? set.byReference.get(reference.replace(/#$/, ''))?.[0];
  if (schema === undefined) {
    return {
      kind: 'unknown reference',
      reference,
      why: `the event names the schema ${shown(reference)}, which is not known`,
    };
  }
  return { kind: 'schema', schema, by: 'reference', why: `the event names the schema ${shown(reference)}` };
}

function byWireId({ wire }: EventFacts): SchemaChoice | null {
  if (wire === null || !wire.decides) return null;
  const { id, schema } = wire;
  if (schema === null) return { kind: 'unchecked', why: `the schema id ${id} of the registry cannot be used` };
  return { kind: 'schema', schema, by: 'wire id', why: `the record names the schema id ${id} of the registry` };
}

function byReading({ wire }: EventFacts): SchemaChoice | null {
  if (wire === null || wire.decides || wire.schema === null) return null;
  const why = `the record was read by the schema id ${wire.id} of the registry`;
  return { kind: 'schema', schema: wire.schema, by: 'wire id', why };
}

/** Null when no schema is for events of this type. */
function byType({ eventType, version }: EventFacts, set: SchemaSet): SchemaChoice | null {
  const type = typeWithoutVersion(eventType);
  const schemas = set.byType.get(type);
  const newest = schemas?.[0];
  if (schemas === undefined || newest === undefined) return null;
  const stated = version ?? readVersion(eventType.slice(type.length + 1));
  if (stated === null) {
    return {
      kind: 'schema',
      schema: newest,
      by: 'event type',
      why: `the newest schema of ${shown(eventType)}; the event states no version`,
    };
  }
  const text = stated.join('.');
  const exact = schemas.find((schema) => fitsVersion(versionOf(schema), stated));
  if (exact !== undefined)
    return { kind: 'schema', schema: exact, by: 'event type', why: `version ${text} of ${shown(eventType)}` };
  const near = schemas.find((schema) => versionOf(schema)[0] === stated[0]);
  if (near === undefined)
    return { kind: 'unchecked', why: `there is no schema for version ${text} of ${shown(eventType)}` };
  const why = `the newest schema of ${shown(eventType)} with the major version of the event's ${text}`;
  return { kind: 'schema', schema: near, by: 'event type', why };
}

/** A schema without a version counts as the first. */
function versionOf({ document }: CompiledSchema): Version {
  return document.purpose.version ?? [1];
}

function byTopic({ eventType, topic }: EventFacts, set: SchemaSet): SchemaChoice {
  const schema = set.byTopic.get(topic.family)?.[0];
  if (schema !== undefined)
    return { kind: 'schema', schema, by: 'topic', why: `the schema of the topic ${shown(topic.family)}` };
  return { kind: 'unchecked', why: `no schema is for ${shown(eventType)} or the topic ${shown(topic.family)}` };
}

function shown(text: string): string {
  return `“${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}”`;
}
