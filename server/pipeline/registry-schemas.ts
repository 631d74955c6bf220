import { hash } from 'node:crypto';
import type { RegistrySchema, RegistrySubject } from '../model/registry-schema.ts';
import { isTopicRecordSubject, isTopicSubject } from '../model/registry-subject.ts';
import type { SchemaCheck, SchemaIdentity } from '../model/schema-check.ts';
import type { WireSchema } from '../schema/choose-schema.ts';
import type { CompiledSchema } from '../schema/compile-schema.ts';
import { compileRegistrySchema } from '../schema/registry-document.ts';
import type { BrokenSchema } from '../schema/schema-document.ts';

/** A schema of a registry as records of one topic name it. */
export interface NamedSchema {
  readonly identity: SchemaIdentity;
  readonly wire: WireSchema;
  /** What becomes of an event that fits it. */
  readonly fits: SchemaCheck;
}

/** Compiled schemas of registries, the most recently used of them. */
export interface RegistrySchemas {
  named(schema: RegistrySchema, topic: string): NamedSchema;
}

/**
 * Hears what became of a schema when it was compiled, once for as long as it is remembered: null when it can be used. `name`
 * is its subject.
 */
export type OnCompiled = (
  schema: RegistrySchema,
  broken: (Pick<BrokenSchema, 'line' | 'reason'> & { readonly name: string }) | null,
) => void;

const MOST_HELD = 500;
/** Characters of all schemas that are held compiled: each takes some ten times its text. */
const MOST_CHARS = 8_000_000;
/** Topics that are remembered with a schema. */
const MOST_TOPICS = 1_000;

interface Held {
  readonly compiled: CompiledSchema | BrokenSchema;
  readonly contentHash: string;
  readonly chars: number;
  readonly byTopic: Map<string, NamedSchema>;
  /** Its subjects were known when it was named. */
  readonly hasSubjects: boolean;
}

/** Makes an empty, bounded set of compiled schemas of registries. They are compiled within the limits of schema files. */
export function createRegistrySchemas(onCompiled: OnCompiled = () => {}): RegistrySchemas {
  const held = new Map<string, Held>();
  let chars = 0;

  const compile = (schema: RegistrySchema, key: string, topic: string): Held => {
    const compiled = compileRegistrySchema(schema);
    const made: Held = {
      ...{ compiled, contentHash: contentHash(schema), chars: charsOf(schema), byTopic: new Map() },
      hasSubjects: schema.subjects !== undefined,
    };
    held.set(key, made);
    chars += made.chars;
    for (const [oldest, each] of held) {
      if (held.size <= MOST_HELD && chars <= MOST_CHARS) break;
      held.delete(oldest);
      chars -= each.chars;
    }
    onCompiled(schema, compiled.kind === 'compiled' ? null : { ...compiled, name: subjectFor(schema, topic).subject });
    return made;
  };

  /** A schema whose subjects were told after it was named is named anew. */
  const renamed = (found: Held, { subjects }: RegistrySchema, key: string): Held => {
    if (found.hasSubjects || subjects === undefined) return found;
    const made: Held = { ...found, byTopic: new Map(), hasSubjects: true };
    held.set(key, made);
    return made;
  };

  return {
    named(schema, topic) {
      const key = `${schema.registry} ${schema.id}`;
      const found = held.get(key);
      if (found !== undefined) {
        held.delete(key);
        held.set(key, found);
      }
      const entry = found === undefined ? compile(schema, key, topic) : renamed(found, schema, key);
      const known = entry.byTopic.get(topic);
      if (known !== undefined) return known;
      if (entry.byTopic.size >= MOST_TOPICS) entry.byTopic.clear();
      const made = name(schema, entry, topic);
      entry.byTopic.set(topic, made);
      return made;
    },
  };
}

function name(schema: RegistrySchema, held: Pick<Held, 'compiled' | 'contentHash'>, topic: string): NamedSchema {
  const { compiled, contentHash } = held;
  const { subject, version } = subjectFor(schema, topic);
  const title = compiled.kind === 'compiled' ? compiled.document.title : null;
  const identity: SchemaIdentity = { name: subject, title, version, origin: 'registry', contentHash };
  const usable = compiled.kind === 'compiled' ? named(compiled, identity) : null;
  return {
    identity,
    wire: { id: schema.id, schema: usable, decides: schema.type === 'JSON' },
    fits: { status: 'ok', schema: identity, errors: [], complete: true },
  };
}

function named(compiled: CompiledSchema, { name: subject, version }: SchemaIdentity): CompiledSchema {
  const { document } = compiled;
  const purpose = { ...document.purpose, versionText: version };
  return { ...compiled, document: { ...document, name: subject, id: subject, purpose } };
}

/**
 * What people call a schema: the subject that the producers of a topic register it under. By topic (`orders-value`), by
 * topic and record (`orders-shop.Placed`), else by record alone, or whatever else there is. The newest of several versions.
 */
export function subjectFor(
  { id, subjects = [] }: Pick<RegistrySchema, 'id' | 'subjects'>,
  topic: string,
): { readonly subject: string; readonly version: string | null } {
  const chosen =
    newest(subjects, ({ subject }) => isTopicSubject(subject, topic)) ??
    newest(subjects, ({ subject }) => isTopicRecordSubject(subject, topic)) ??
    newest(subjects, () => true);
  if (chosen === null) return { subject: `schema id ${id}`, version: null };
  return { subject: chosen.subject, version: String(chosen.version) };
}

/** Of the first subject that fits by name, so that the order of an answer does not count. */
function newest(
  subjects: readonly RegistrySubject[],
  fits: (subject: RegistrySubject) => boolean,
): RegistrySubject | null {
  return subjects.filter(fits).reduce<RegistrySubject | null>((best, each) => {
    if (best === null || each.subject < best.subject) return each;
    return each.subject === best.subject && each.version > best.version ? each : best;
  }, null);
}

function contentHash({ type, text, references }: RegistrySchema): string {
  return hash('sha256', JSON.stringify([type, text, references]), 'hex');
}

function charsOf({ text, references }: RegistrySchema): number {
  return references.reduce((sum, reference) => sum + reference.text.length, text.length);
}
