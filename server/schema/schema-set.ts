import { type CompiledSchema, compileSchema } from './compile-schema.ts';
import {
  type BrokenSchema,
  fileAddress,
  readSchemaFile,
  type SchemaDocument,
  type SchemaFile,
  type SchemaOrigin,
} from './schema-document.ts';
import { compareVersions } from './version.ts';

/** The schemas in force, by what events are matched with them. The first of each list counts for most. */
export interface SchemaSet {
  readonly schemas: readonly CompiledSchema[];
  /** Files that cannot be used; the others go on. */
  readonly broken: readonly BrokenSchema[];
  readonly byReference: ReadonlyMap<string, readonly CompiledSchema[]>;
  readonly byType: ReadonlyMap<string, readonly CompiledSchema[]>;
  readonly byTopic: ReadonlyMap<string, readonly CompiledSchema[]>;
  readonly byDialect: ReadonlyMap<string, readonly CompiledSchema[]>;
}

/** Schemas of one set: more take longer to compile than a start may. */
const MOST_SCHEMAS = 2_000;

const RANKS: Readonly<Record<SchemaOrigin, number>> = { operator: 0, registry: 1, 'built in': 2 };

/**
 * Reads and compiles schema files. Of those that describe the same, the operator's come before a registry's and those
 * before the built-in ones, and then newer versions before older ones. Of two files of one name the first counts. Never throws: a file that cannot be used is in
 * `broken`, with the line and the reason.
 */
export function buildSchemaSet(files: readonly SchemaFile[]): SchemaSet {
  const read = firstOfEachName(files).map((file, place) =>
    place < MOST_SCHEMAS ? readSchemaFile(file) : oneTooMany(file),
  );
  const known = new Map<string, SchemaDocument | BrokenSchema>();
  for (const each of read) {
    for (const address of each.kind === 'schema' ? [each.address, fileAddress(each.name)] : [fileAddress(each.name)]) {
      if (!known.has(address)) known.set(address, each);
    }
  }
  const compiled = read.map((each) => (each.kind === 'schema' ? compileSchema(each, known) : each));
  const schemas = compiled.flatMap((each) => (each.kind === 'compiled' ? [each] : [])).sort(byRank);
  return {
    schemas,
    broken: compiled.flatMap((each) => (each.kind === 'broken' ? [each] : [])),
    byReference: indexBy(schemas, ({ address, purpose }) => [address, ...purpose.references]),
    byType: indexBy(schemas, ({ purpose }) => purpose.eventTypes),
    byTopic: indexBy(schemas, ({ purpose }) => purpose.topics),
    byDialect: indexBy(schemas, ({ purpose }) => purpose.dialects),
  };
}

/** Files of one name would overwrite each other wherever they are counted. */
function firstOfEachName(files: readonly SchemaFile[]): readonly SchemaFile[] {
  const names = new Set<string>();
  return files.filter(({ name }) => !names.has(name) && names.add(name));
}

function oneTooMany({ name }: SchemaFile): BrokenSchema {
  return { kind: 'broken', name, line: 1, reason: `there are more than ${MOST_SCHEMAS} schema files` };
}

function byRank({ document: a }: CompiledSchema, { document: b }: CompiledSchema): number {
  return RANKS[a.origin] - RANKS[b.origin] || compareVersions(b.purpose.version ?? [0], a.purpose.version ?? [0]);
}

function indexBy<K>(
  schemas: readonly CompiledSchema[],
  keysOf: (document: SchemaDocument) => readonly K[],
): ReadonlyMap<K, readonly CompiledSchema[]> {
  const index = new Map<K, CompiledSchema[]>();
  for (const schema of schemas) {
    for (const key of new Set(keysOf(schema.document))) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [schema]);
      else list.push(schema);
    }
  }
  return index;
}
