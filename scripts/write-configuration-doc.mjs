// Writes docs/configuration.md from the schemas in server/config.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(fileURLToPath(import.meta.url), '../..');
const bundle = path.join(root, 'node_modules/.cache/throughline/configuration-doc.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['server/config/configuration-doc.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { configurationDoc } = await import(bundle);
await mkdir(path.join(root, 'docs'), { recursive: true });
await writeFile(path.join(root, 'docs/configuration.md'), configurationDoc());
