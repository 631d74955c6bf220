// @ts-check
// `npm run verify`: recounts what is stored. Works beside a running product.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './tracked-files.mjs';

const bundle = path.join(root, 'dist/main/verify.js');
if (existsSync(bundle)) {
  process.exitCode = spawnSync(process.execPath, [bundle], { stdio: 'inherit' }).status ?? 1;
} else {
  console.error('Nothing is built yet. Run npm start or npm run build first.');
  process.exitCode = 1;
}
