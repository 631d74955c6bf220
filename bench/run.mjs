// @ts-check
// `npm run bench -- NAME`: bundles bench/NAME.ts as the product is bundled, and runs it. Without a name: says which
// there are.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;
const root = path.dirname(folder);
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [path.basename(file, '.ts')] : []));
const [name = '', ...rest] = process.argv.slice(2);

if (names.includes(name)) {
  const outfile = path.join(root, 'dist', 'bench', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [path.join('bench', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  process.exitCode = spawnSync(process.execPath, [outfile, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1;
} else {
  console.log(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 1;
}
