import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SchemaFile, SchemaOrigin } from '../../schema/schema-document.ts';
import { listFiles } from './list-files.ts';

/** Schema files, and what could not be read of their folders. */
export interface FoundSchemas {
  readonly files: readonly FoundSchema[];
  readonly problems: readonly { readonly file: string; readonly reason: string }[];
}

/** A schema file, and where it is. */
export interface FoundSchema extends SchemaFile {
  /** Absolute. */
  readonly path: string;
  /** As the caller named it. */
  readonly shown: string;
}

/** A schema has at most 500,000 characters: a file of more bytes than those may take is not read at all. */
const MOST_BYTES = 2_000_000;

/** Reads all `.json` files of schema folders. Each is named by its path below its folder. Never throws. */
export async function readSchemaFolders(
  folders: readonly string[],
  workingDir: string,
  origin: SchemaOrigin,
): Promise<FoundSchemas> {
  const files: FoundSchema[] = [];
  const problems: { file: string; reason: string }[] = [];
  const named = new Map<string, string>();
  for (const folder of folders) {
    const list = listFiles([folder], workingDir, /\.json$/i);
    problems.push(...list.problems);
    for (const { path: file, shown } of list.files) {
      if (file === null) continue;
      const root = path.resolve(workingDir, folder);
      const name = (path.relative(root, file) || path.basename(file)).replaceAll('\\', '/');
      const other = named.get(name);
      if (other !== undefined) problems.push({ file: shown, reason: `a schema of that name is in ${other} already` });
      const text = other === undefined ? await readText(file) : null;
      if (typeof text === 'object' && text !== null) problems.push({ file: shown, reason: text.reason });
      if (typeof text === 'string')
        files.push({ name, text, origin, path: file, shown: origin === 'built in' ? `built-in:${name}` : shown });
      named.set(name, folder);
    }
  }
  return { files, problems };
}

/** One schema file by its path; its name is that of the file. */
export async function readOneSchema(
  given: string,
  workingDir: string,
  name: string,
): Promise<FoundSchema | { readonly reason: string }> {
  const file = path.resolve(workingDir, given);
  const text = await readText(file);
  return typeof text === 'string' ? { name, text, origin: 'operator', path: file, shown: given } : text;
}

async function readText(path: string): Promise<string | { readonly reason: string }> {
  try {
    // Before it is opened: that of a pipe would wait for somebody to write.
    const about = await stat(path);
    if (!about.isFile()) return { reason: 'it is no file' };
    if (about.size > MOST_BYTES) return { reason: `the file is longer than ${MOST_BYTES / 1e6} MB` };
    const bytes = await readFile(path);
    return isUtf8(bytes) ? bytes.toString('utf8') : { reason: 'it is no UTF-8' };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { reason: `it cannot be read (${String(error.code)})` };
    throw error;
  }
}
