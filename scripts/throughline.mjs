#!/usr/bin/env node
// @ts-check
// `npx throughline …`: runs the commands that need no running product. They are bundled on the spot from the sources that
// are there, in a fraction of a second; where the tools for that are not installed, what the last build bundled runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AS_PROCESS } from './as-process.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../..');
const built = path.join(root, 'dist/main/throughline.js');

const bundle = (await bundled()) ?? (existsSync(built) ? built : null);
if (bundle !== null) {
  await import(pathToFileURL(bundle).href);
} else {
  console.error('throughline: nothing is installed yet. Run npm ci in its folder first.');
  process.exitCode = 2;
}

/** The path of the bundle of these sources; null without the tools to make it. @returns {Promise<string | null>} */
async function bundled() {
  const esbuild = await import('esbuild').catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  if (esbuild === null) return null;
  const { outputFiles } = await esbuild.build({
    ...AS_PROCESS,
    absWorkingDir: root,
    entryPoints: ['server/main/throughline.ts'],
    write: false,
  });
  const content = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const folder = path.join(root, 'node_modules/.cache/throughline');
  const file = path.join(folder, `throughline-${hash}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Two that run at once must never import half a file.
    const part = `${file}.${process.pid}`;
    writeFileSync(part, content);
    renameSync(part, file);
  }
  return file;
}
