// @ts-check
// `npm start`: makes sure that dependencies and build belong to these sources, then runs the product. Needs nothing but
// Node.js itself up to there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(fileURLToPath(import.meta.url), '../..');
const MINIMUM = [20, 20];
const isTty = process.stdout.isTTY === true;
/** A step is shown after this long; then it changes in place, or gives a line every five seconds. */
const SHOW_AFTER_MS = isTty ? 300 : 2000;
const SHOW_EVERY_MS = isTty ? 300 : 5000;

refuseOldNode();
process.chdir(root);
const { buildIsFresh, depsAreFresh, markInstalled } = await import('./build-state.mjs');
if (!depsAreFresh()) {
  await step('Installing dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], countPackages());
  markInstalled();
}
if (!buildIsFresh()) await step('Building', process.execPath, ['scripts/build.mjs'], (output) => lastLine(output));
process.argv.splice(1, 1, path.join(root, 'dist/main/start.js'));
// A name the type check cannot resolve: the file is there only after a build.
const product = '../dist/main/start.js';
await import(product);

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = MINIMUM;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Throughline needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.versions.node}. Install it from https://nodejs.org`,
  );
  process.exit(1);
}

/**
 * Runs a command and shows what, how far and how long; its output only when it fails.
 * @param {string} what @param {string} command @param {string[]} args @param {(output: string) => string} howFar
 */
async function step(what, command, args, howFar) {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const end = () => child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  const show = () => {
    const far = howFar(output);
    const line = `${what} …${far === '' ? '' : ` ${far},`} ${seconds(started)}`;
    process.stdout.write(isTty ? `\r\x1b[K${line}` : `${line}\n`);
    timer = setTimeout(show, SHOW_EVERY_MS);
  };
  let timer = setTimeout(show, SHOW_AFTER_MS);
  const { code, signal, error } = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal, error: null }));
  });
  clearTimeout(timer);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, end);
  if (isTty) process.stdout.write('\r\x1b[K');
  if (signal !== null || code === 130 || code === 143) process.exit(130);
  if (code !== 0) {
    // What matters stands first or last.
    const lines = output.trimEnd().split('\n');
    const shown = lines.length > 60 ? [...lines.slice(0, 30), '…', ...lines.slice(-30)] : lines;
    console.error(shown.join('\n'));
    console.error(
      error
        ? `${what} failed: ${error.message}`
        : `${what} failed (${command} ${args[0]} ended with exit code ${code}); its output is above.`,
    );
    process.exit(1);
  }
  console.log(`${what}: done (${seconds(started)})`);
}

/** How many of the locked packages are unpacked (it makes all their folders at once): npm itself does not say. */
function countPackages() {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const names = Object.entries(lock.packages).flatMap(([name, it]) => (name === '' || it.optional ? [] : [name]));
  return () =>
    `${names.filter((name) => existsSync(path.join(root, name, 'package.json'))).length} of ${names.length} packages`;
}

/** @param {string} output */
function lastLine(output) {
  return (
    output
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^build: /, '')
      .replace(/ …$/, '') ?? ''
  );
}

/** @param {number} started */
function seconds(started) {
  const ms = performance.now() - started;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
