// @ts-check
// `npm test`: everything, on real parts. `npm test -- pg kafka` runs only these suites. The last line is the count.
import { spawnSync } from 'node:child_process';
import { buildIsFresh, depsAreFresh, markInstalled } from './build-state.mjs';
import { runParts } from './parts.mjs';
import { findChromium, findJava, installChromium, installJava } from './prerequisites.mjs';
import { runFaults, runPlaywright, runVitest } from './suites.mjs';
import { root } from './tracked-files.mjs';

/**
 * @typedef {import('./suites.mjs').Counts} Counts
 * @typedef {() => string | null} Need Sees to it that something is there; answers one sentence when it cannot be had.
 * @typedef {{ needs: Need[], run: () => Promise<Counts> }} Suite
 */

/** @type {Need} */
const java = () => (findJava() === null ? installJava() : null);
/** @type {Need} */
const chromium = () => (findChromium() === null ? installChromium() : null);
/** @type {Need} */
const build = () => (buildIsFresh() || nodeScript('scripts/build.mjs') ? null : 'The build failed.');

/** @type {Record<string, Suite>} */
const SUITES = {
  check: { needs: [], run: runStatic },
  pure: { needs: [], run: () => runVitest('pure') },
  pg: { needs: [], run: () => runVitest('pg') },
  kafka: { needs: [java], run: () => runVitest('kafka') },
  faults: { needs: [java], run: runFaults },
  stack: { needs: [java, build], run: () => runVitest('stack') },
  browser: { needs: [java, chromium, build], run: runPlaywright },
};

/** Each part of the check counts as one. @returns {Promise<Counts>} */
async function runStatic() {
  // Only now: it looks for tools that `npm ci` brings.
  const { staticParts } = await import('./static-parts.mjs');
  const results = await runParts(staticParts(), 2);
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

/** @param {string} name @param {Suite} suite @returns {Promise<Counts>} */
async function runSuite(name, { needs, run }) {
  console.log(`\n${name} …`);
  const started = performance.now();
  const missing = needs.map((need) => need()).find((reason) => reason !== null) ?? null;
  if (missing !== null) console.log(missing);
  const counts = missing === null ? await run() : { passed: 0, failed: 1, skipped: 0 };
  const seconds = (performance.now() - started) / 1000;
  console.log(`${name}: ${sentence(counts)} in ${seconds.toFixed(1)} s`);
  return counts;
}

/** @param {Counts} counts */
function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function installDependencies() {
  if (depsAreFresh()) return true;
  console.log('Installing dependencies …');
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) markInstalled();
  return status === 0;
}

/** @param {string} script */
function nodeScript(script) {
  return spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in SUITES));
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (unknown.length > 0) {
    console.log(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`);
    total.failed = 1;
  } else if (!installDependencies()) {
    console.log('npm ci failed.');
    total.failed = 1;
  } else {
    for (const [name, suite] of Object.entries(SUITES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const { passed, failed, skipped } = await runSuite(name, suite);
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
    }
  }
  console.log(`\n${sentence(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main();
