// @ts-check
// `npm run test:faults`: bundles the fault loop of e2e/faults and runs it with the words that follow.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { AS_PROCESS } from './as-process.mjs';
import { root } from './tracked-files.mjs';

const outfile = path.join(root, 'dist', 'faults', 'run.mjs');
await build({ ...AS_PROCESS, absWorkingDir: root, entryPoints: ['e2e/faults/run.ts'], outfile, sourcemap: true });
const args = ['--enable-source-maps', outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
