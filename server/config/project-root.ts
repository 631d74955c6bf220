import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The absolute path of the project's folder, found from where this module lies: the nearest folder upwards whose
 * `package.json` is named `throughline`. The same for sources and for bundles in `dist/`, so files that are read at run
 * time (migrations, recordings) need no copy. Throws when the program was moved out of the project.
 */
export function projectRoot(from: string = import.meta.url): string {
  const start = path.dirname(fileURLToPath(from));
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (isProject(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`No folder above ${start} holds the project "throughline".`);
  }
}

function isProject(manifest: string): boolean {
  if (!existsSync(manifest)) return false;
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content && content.name === 'throughline';
}
