import path from 'node:path';
import { buildSchemaSet, type SchemaSet } from '../../schema/schema-set.ts';
import { type KnownSchemas, type SchemaProblem, shownAs } from '../schemas/read-schemas.ts';
import { readOneSchema } from '../schemas/schema-files.ts';
import { type NamedSchema, versionBefore } from './compare-versions.ts';

/** A version of a schema, by its own file. */
export type OneVersion =
  /** `set` has it beside all that it may refer to. */
  | { readonly kind: 'usable'; readonly named: NamedSchema; readonly set: SchemaSet }
  | { readonly kind: 'broken'; readonly problem: SchemaProblem }
  | { readonly kind: 'unreadable'; readonly problem: SchemaProblem };

/** Reads the file of one version; what it refers to may be any known schema. Never throws. */
export async function readOneVersion(given: string, known: KnownSchemas, workingDir: string): Promise<OneVersion> {
  const file = path.resolve(workingDir, given);
  // In a schema folder it has the name by which the others there refer to it.
  const name = known.files.find((other) => other.path === file)?.name ?? path.basename(file);
  const found = await readOneSchema(given, workingDir, name);
  if ('reason' in found) return { kind: 'unreadable', problem: { file: given, line: null, reason: found.reason } };
  const set = buildSchemaSet([found, ...known.files.filter((other) => other.name !== name)]);
  const schema = set.schemas.find(({ document }) => document.name === name);
  if (schema !== undefined) return { kind: 'usable', named: { schema, file: given }, set };
  const { line = 1, reason = 'it cannot be used' } = set.broken.find((broken) => broken.name === name) ?? {};
  return { kind: 'broken', problem: { file: given, line, reason } };
}

/** The known version that a new one follows; its own file does not count. Null when there is none. */
export function knownVersionBefore(
  { schema, file }: NamedSchema,
  { files, set }: KnownSchemas,
  workingDir: string,
): NamedSchema | null {
  const own = path.resolve(workingDir, file);
  const others = set.schemas.filter(({ document }) => files.find(({ name }) => name === document.name)?.path !== own);
  const before = versionBefore(schema, others);
  return before === null ? null : { schema: before, file: shownAs(before.document.name, files) };
}
