import { projectRoot } from '../../config/project-root.ts';
import type { RegistrySchema } from '../../model/registry-schema.ts';
import type { SchemaSet } from '../../schema/schema-set.ts';
import { readSchemas } from './read-schemas.ts';

/** The schemas that events are held against, and what of their files cannot be used. */
export interface SchemasInForce {
  readonly set: SchemaSet;
  /** `name` as people look for it; line 0 where the file could not be read at all. */
  readonly broken: readonly { readonly name: string; readonly line: number; readonly reason: string }[];
}

/** Those of the operator's folders and the built-in ones, as a process finds them at its start. See `readSchemas`. */
export async function readSchemasInForce(folders: readonly string[]): Promise<SchemasInForce> {
  const { set, broken, problems } = await readSchemas(folders, process.cwd(), projectRoot());
  return {
    set,
    broken: [...problems, ...broken].map(({ file, line, reason }) => ({ name: file, line: line ?? 0, reason })),
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
