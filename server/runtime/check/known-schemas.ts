import path from 'node:path';
import { buildSchemaSet, type SchemaSet } from '../../schema/schema-set.ts';
import { type NamedSchema, versionBefore } from './compare-versions.ts';
import type { Problem } from './report.ts';
import { type FoundSchema, readOneSchema, readSchemaFolders } from './schema-files.ts';

/** Schemas that are known, and the files they are in. */
export interface KnownSchemas {
  readonly files: readonly FoundSchema[];
  readonly set: SchemaSet;
  readonly broken: readonly Problem[];
  /** What could not be read. */
  readonly problems: readonly Problem[];
}

/** The schemas of the operator's folders, and the built-in ones behind them. Never throws. */
export async function readKnownSchemas(
  folders: readonly string[],
  workingDir: string,
  projectRoot: string,
): Promise<KnownSchemas> {
  const own = await readSchemaFolders(folders, workingDir, 'operator');
  const builtIn = await readSchemaFolders([path.join(projectRoot, 'schemas')], workingDir, 'built in');
  const files = [...own.files, ...builtIn.files];
  const set = buildSchemaSet(files);
  return {
    files,
    set,
    broken: set.broken.map(({ name, line, reason }) => ({ file: shownAs(name, files), line, reason })),
    problems: [...own.problems, ...builtIn.problems].map((problem) => ({ ...problem, line: null })),
  };
}

/** A version of a schema, by its own file. */
export type OneVersion =
  /** `set` has it beside all that it may refer to. */
  | { readonly kind: 'usable'; readonly named: NamedSchema; readonly set: SchemaSet }
  | { readonly kind: 'broken'; readonly problem: Problem }
  | { readonly kind: 'unreadable'; readonly problem: Problem };

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

/** Of two files of one name the first counts. */
function shownAs(name: string, files: readonly FoundSchema[]): string {
  return files.find((file) => file.name === name)?.shown ?? name;
}
