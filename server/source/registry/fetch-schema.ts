import { z } from 'zod';
import type { SchemaId } from '../../model/decoded.ts';
import type { RegistrySchema, RegistrySubject, SchemaAnswer } from '../../model/registry-schema.ts';
import type { RegistryAnswer } from './ask-registry.ts';

/** Asks whichever address answers. */
export type Ask = (path: string) => Promise<RegistryAnswer>;

export interface Asking {
  readonly ask: Ask;
  /** For what can be done without: where it fails, the registry is not given a rest. */
  readonly askAside: Ask;
}

const MAX_REFERENCES = 200;
const MAX_DEPTH = 20;
/** Subjects that are remembered of one schema. */
const MAX_SUBJECTS = 500;
const LONGEST_SUBJECT = 500;
/** Characters of a schema with everything it refers to. */
const MAX_CHARS = 2_000_000;
/** "Schema not found"; 404 has other codes for what is not a schema. */
const SCHEMA_NOT_FOUND = 40403;

const referenceShape = z.object({ name: z.string(), subject: z.string(), version: z.int() });
const schemaShape = z.object({
  schema: z.string(),
  schemaType: z.string().nullish(),
  references: z.array(referenceShape).nullish(),
});

const subjectsShape = z.array(z.object({ subject: z.string().max(LONGEST_SUBJECT), version: z.int() }));

type Found = z.output<typeof schemaShape>;

/**
 * A schema by its number or GUID, with everything it refers to.
 * Routes: `/schemas/ids/{id}`, `/schemas/guids/{guid}`, `/subjects/{subject}/versions/{version}`, and for its names
 * `/schemas/ids/{id}/versions`.
 */
export async function fetchSchema(registry: string, id: SchemaId, asking: Asking): Promise<SchemaAnswer> {
  const answer = await asking.ask(typeof id === 'number' ? `/schemas/ids/${id}` : `/schemas/guids/${id}`);
  switch (answer.kind) {
    case 'failed':
      return { kind: 'unreachable' };
    case 'too large':
      return unusable('its answer is too large');
    case 'not found':
      // Without the registry's own word for it the address may be a wrong one: nothing is known of the schema.
      return answer.code === SCHEMA_NOT_FOUND ? { kind: 'unknown' } : { kind: 'unreachable' };
    case 'body':
      return withReferences(registry, id, answer.body, asking);
  }
}

async function withReferences(
  registry: string,
  id: SchemaId,
  body: unknown,
  { ask, askAside }: Asking,
): Promise<SchemaAnswer> {
  const read = schemaShape.safeParse(body);
  if (!read.success) return { kind: 'unreachable' };
  const type = read.data.schemaType ?? 'AVRO';
  if (type !== 'AVRO' && type !== 'PROTOBUF' && type !== 'JSON') return unusable(`it is of type ${type.slice(0, 40)}`);
  const collector = new ReferenceCollector(ask, read.data.schema.length);
  const trouble = await collector.collect(read.data, 0);
  if (trouble !== null) return trouble;
  const schema: RegistrySchema = { registry, id, type, text: read.data.schema, references: collector.found };
  const texts = [schema.text, ...schema.references.flatMap(({ name, text }) => [name, text])];
  if (!texts.every(isStorable)) return unusable('it holds a NUL or half a character');
  const subjects = await subjectsOf(id, askAside);
  return { kind: 'found', schema: subjects.length === 0 ? schema : { ...schema, subjects } };
}

/** The subjects that have a schema; empty where the registry does not say, as for a GUID. */
async function subjectsOf(id: SchemaId, ask: Ask): Promise<readonly RegistrySubject[]> {
  if (typeof id !== 'number') return [];
  const answer = await ask(`/schemas/ids/${id}/versions`);
  const read = answer.kind === 'body' ? subjectsShape.safeParse(answer.body) : null;
  if (read?.success !== true) return [];
  return read.data.filter(({ subject }) => isStorable(subject)).slice(0, MAX_SUBJECTS);
}

class ReferenceCollector {
  readonly found: { readonly name: string; readonly text: string }[] = [];
  readonly #ask: Ask;
  readonly #seen = new Set<string>();
  #chars: number;

  constructor(ask: Ask, chars: number) {
    this.#ask = ask;
    this.#chars = chars;
  }

  /** What a schema refers to comes before it. Null when all went well. */
  async collect(schema: Found, depth: number): Promise<SchemaAnswer | null> {
    if (this.#chars > MAX_CHARS) return unusable('it is too large with what it refers to');
    for (const { name, subject, version } of schema.references ?? []) {
      const key = `${subject}\n${version}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      if (this.#seen.size > MAX_REFERENCES || depth >= MAX_DEPTH) return unusable('it refers to too many schemas');
      if (!isOneSegment(subject)) return unusable(`it refers to ${name.slice(0, 100)}, which is not there`);
      const answer = await this.#ask(`/subjects/${encodeURIComponent(subject)}/versions/${version}`);
      if (answer.kind === 'failed') return { kind: 'unreachable' };
      const read = answer.kind === 'body' ? schemaShape.safeParse(answer.body) : null;
      if (read?.success !== true) return unusable(`it refers to ${name.slice(0, 100)}, which is not there`);
      this.#chars += name.length + read.data.schema.length;
      const trouble = await this.collect(read.data, depth + 1);
      if (trouble !== null) return trouble;
      this.found.push({ name, text: read.data.schema });
    }
    return null;
  }
}

const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** PostgreSQL keeps no NUL in a text, and in JSON no half of a surrogate pair. An escape such as `\\u0000` is neither. */
function isStorable(text: string): boolean {
  return !HALF_A_CHARACTER.test(text) && !text.includes('\0');
}

/** A subject is one segment of a path: it can be written in an address, and does not lead out of its folder there. */
function isOneSegment(subject: string): boolean {
  return !HALF_A_CHARACTER.test(subject) && subject !== '' && subject !== '.' && subject !== '..';
}

function unusable(why: string): SchemaAnswer {
  return { kind: 'unusable', why };
}
