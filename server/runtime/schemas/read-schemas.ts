import path from 'node:path';
import { buildSchemaSet, type SchemaSet } from '../../schema/schema-set.ts';
import { type FoundSchema, readSchemaFolders } from './schema-files.ts';

/** Something that is wrong with a schema file or a folder of them. */
export interface SchemaProblem {
  /** As people look for it. */
  readonly file: string;
  /** From 1; null where the file or folder as a whole is meant. */
  readonly line: number | null;
  /** Without a full stop. */
  readonly reason: string;
}

/** Schemas that are known, and the files they are in. */
export interface KnownSchemas {
  readonly files: readonly FoundSchema[];
  readonly set: SchemaSet;
  /** Files that were read and cannot be used. */
  readonly broken: readonly SchemaProblem[];
  /** What could not be read. */
  readonly problems: readonly SchemaProblem[];
}

/**
 * Reads and compiles the schemas of the operator's folders, and the built-in ones behind them: what a tap holds events
 * against, and a producer's samples are checked by. Never throws: what cannot be used is named, and the others go on.
 */
export async function readSchemas(
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

/** Of two files of one name the first counts. */
export function shownAs(name: string, files: readonly FoundSchema[]): string {
  return files.find((file) => file.name === name)?.shown ?? name;
}
