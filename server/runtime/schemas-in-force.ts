import path from 'node:path';
import { projectRoot } from '../config/project-root.ts';
import type { RegistrySchema } from '../model/registry-schema.ts';
import { buildSchemaSet, type SchemaSet } from '../schema/schema-set.ts';
import { readSchemaFolders } from './check/schema-files.ts';

/** The schemas that events are held against, and what of their files cannot be used. */
export interface SchemasInForce {
  readonly set: SchemaSet;
  /** `name` as people look for it; line 0 where the file could not be read at all. */
  readonly broken: readonly { readonly name: string; readonly line: number; readonly reason: string }[];
}

/**
 * Reads and compiles the schemas of the operator's folders, and the built-in ones behind them. Never throws: a file that
 * cannot be used is in `broken`, and the others go on.
 */
export async function readSchemasInForce(folders: readonly string[]): Promise<SchemasInForce> {
  const own = await readSchemaFolders(folders, process.cwd(), 'operator');
  const builtIn = await readSchemaFolders([path.join(projectRoot(), 'schemas')], process.cwd(), 'built in');
  const files = [...own.files, ...builtIn.files];
  const set = buildSchemaSet(files);
  const shown = new Map([...files].reverse().map((file) => [file.name, file.shown]));
  return {
    set,
    broken: [
      ...[...own.problems, ...builtIn.problems].map(({ file, reason }) => ({ name: file, line: 0, reason })),
      ...set.broken.map(({ name, line, reason }) => ({ name: shown.get(name) ?? name, line, reason })),
    ],
  };
}

/** What the log says of them at start, a line each. */
export function schemaLines({ set, broken }: SchemasInForce): string[] {
  const own = set.schemas.filter(({ document }) => document.origin === 'operator').length;
  return [
    `Events are held against ${set.schemas.length} schemas, ${own} of them yours.`,
    ...broken.map(({ name, line, reason }) => `Schema ${name}${line > 0 ? `:${line}` : ''} is not used: ${reason}.`),
  ];
}

/** What it says of one of a registry, when a record names it. */
export function registrySchemaLine(
  { id }: Pick<RegistrySchema, 'id'>,
  { name, line, reason }: { readonly name: string; readonly line: number; readonly reason: string },
): string {
  return `Schema ${name} (id ${id} of the registry) is not used: line ${line}: ${reason}.`;
}
