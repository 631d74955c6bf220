// @ts-check
// Bundles the processes into dist/ and builds the pages. One line per step; the tools' own output only when they fail.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AS_PROCESS } from './as-process.mjs';
import { markBuilt, sourceHash } from './build-state.mjs';
import { entryPoints } from './entry-points.mjs';
import { root } from './tracked-files.mjs';

async function bundleProcesses() {
  const { build } = await import('esbuild');
  const entries = entryPoints();
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(path.join(root, 'dist'));
  await build({
    ...AS_PROCESS,
    absWorkingDir: root,
    entryPoints: entries,
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: true,
  });
  return `${Object.keys(entries).length} bundles`;
}

/** @returns {Promise<string>} */
async function buildPages() {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: /** @type {const} */ ('production') };
  const child = spawn(process.execPath, [next, 'build'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`next build failed:\n${Buffer.concat(output)}`);
  return 'pages';
}

/** @param {string} what @param {() => Promise<string>} work */
async function step(what, work) {
  const started = performance.now();
  console.log(`build: ${what} …`);
  const result = await work();
  console.log(`build: ${result} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

try {
  const hash = sourceHash();
  await step('bundling the processes', bundleProcesses);
  await step('compiling the pages', buildPages);
  markBuilt(hash);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
