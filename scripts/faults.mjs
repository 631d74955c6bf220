// @ts-check
// `npm run test:faults`: bundles the fault loop of e2e/faults and runs it with the words that follow.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './tracked-files.mjs';

const outfile = path.join(root, 'dist', 'faults', 'run.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['e2e/faults/run.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
const args = ['--enable-source-maps', outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
