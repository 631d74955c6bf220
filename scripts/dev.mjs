// @ts-check
// `npm run dev`: the whole product with pages that are compiled as they are asked for. Processes are bundled again on every
// change; a changed tap is started anew, for the rest (web, demo) run it again.
import path from 'node:path';
import { context } from 'esbuild';
import { AS_PROCESS } from './as-process.mjs';
import { entryPoints } from './entry-points.mjs';
import { root } from './tracked-files.mjs';

process.chdir(root);
Reflect.set(process.env, 'NODE_ENV', 'development');

const bundles = await context({
  ...AS_PROCESS,
  absWorkingDir: root,
  entryPoints: { ...entryPoints(), 'otel/preload': 'otel/preload.ts' },
  outdir: 'dist',
  sourcemap: true,
});
await bundles.rebuild();
await bundles.watch();
process.argv.splice(1, 1, path.join(root, 'dist/main/start.js'));
// A name the type check cannot resolve: the file is there only after a build.
const product = '../dist/main/start.js';
await import(product);
