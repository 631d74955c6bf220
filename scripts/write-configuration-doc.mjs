// Writes docs/configuration.md from the schemas in server/config.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { AS_PROCESS } from './as-process.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../..');
const bundle = path.join(root, 'node_modules/.cache/throughline/configuration-doc.mjs');

await build({
  ...AS_PROCESS,
  absWorkingDir: root,
  entryPoints: ['server/config/configuration-doc.ts'],
  outfile: bundle,
});
const { configurationDoc } = await import(bundle);
await mkdir(path.join(root, 'docs'), { recursive: true });
await writeFile(path.join(root, 'docs/configuration.md'), configurationDoc());
