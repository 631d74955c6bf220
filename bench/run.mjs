// @ts-check
// `npm run bench -- NAME`: bundles bench/NAME.ts as the product is bundled, and runs it. Without a name: the figures the
// tap is held to, one after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { AS_PROCESS } from '../scripts/as-process.mjs';

const folder = import.meta.dirname;
const root = path.dirname(folder);
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [path.basename(file, '.ts')] : []));
/** What a plain `npm run bench` measures, in this order; the others are for a question of their own. */
const HELD_TO = ['ingest', 'latency', 'envelope', 'kinds', 'backlog'];
const [name, ...rest] = process.argv.slice(2);
const wanted = name === undefined || name.startsWith('-') ? HELD_TO : [name];
const unknown = wanted.filter((each) => !names.includes(each));

if (unknown.length > 0) {
  console.log(
    `npm run bench -- NAME, where NAME is one of: ${names.join(', ')}; without a name: ${HELD_TO.join(', ')}.`,
  );
  process.exitCode = 1;
} else {
  for (const each of wanted) {
    if ((process.exitCode ?? 0) !== 0) break;
    process.exitCode = await run(each);
  }
}

/** @param {string} bench @returns {Promise<number>} */
async function run(bench) {
  const outfile = path.join(root, 'dist', 'bench', `${bench}.mjs`);
  await build({
    ...AS_PROCESS,
    absWorkingDir: root,
    entryPoints: [path.join('bench', `${bench}.ts`)],
    outfile,
  });
  return spawnSync(process.execPath, [outfile, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
