// @ts-check
// `npm run dev`: the whole product with pages that are compiled as they are asked for. Processes are bundled again on every
// change; a changed tap is started anew, for the rest (web, demo) run it again.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';

const root = path.resolve(fileURLToPath(import.meta.url), '../..');
process.chdir(root);
Reflect.set(process.env, 'NODE_ENV', 'development');

/** @param {string} folder */
const entries = (folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => /^[\w-]+\.ts$/.test(name))
    .map((name) => [`${path.basename(folder)}/${name.slice(0, -3)}`, `${folder}/${name}`]);

const bundles = await context({
  absWorkingDir: root,
  entryPoints: Object.fromEntries([...entries('server/main'), ...entries('demo')]),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
await bundles.rebuild();
await bundles.watch();
process.argv.splice(1, 1, path.join(root, 'dist/main/start.js'));
// A name the type check cannot resolve: the file is there only after a build.
const product = '../dist/main/start.js';
await import(product);
