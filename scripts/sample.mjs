// @ts-check
// Serves the built pages over sample data, without a database or a broker: `node scripts/sample.mjs [port]`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { AS_PROCESS } from './as-process.mjs';
import { root } from './tracked-files.mjs';

mkdirSync(path.join(root, 'dist'), { recursive: true });
Reflect.set(process.env, 'NODE_ENV', 'production');
const outfile = path.join(root, 'dist/sample.js');
await build({ ...AS_PROCESS, absWorkingDir: root, entryPoints: ['e2e/sample/run.ts'], outfile });
await import(outfile);
