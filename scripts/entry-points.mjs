// @ts-check
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './tracked-files.mjs';

/** Every source of these folders is a process; not their subfolders, and not tests (their names have a second dot). */
const FOLDERS = ['server/main', 'demo'];

/**
 * What is bundled into `dist/`, by the name of the bundle: `main/tap` for `server/main/tap.ts`, `demo/ask` for
 * `demo/ask.ts`, and the preload that every process may get.
 * @returns {Record<string, string>}
 */
export function entryPoints() {
  const processes = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => /^[\w-]+\.ts$/.test(name))
      .map((name) => [`${path.basename(folder)}/${name.slice(0, -3)}`, `${folder}/${name}`]),
  );
  return { ...Object.fromEntries(processes), 'otel/preload': 'otel/preload.ts' };
}
