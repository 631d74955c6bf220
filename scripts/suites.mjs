// @ts-check
// Runs one suite of tests and counts its outcome from the runner's own report.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './tracked-files.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** A suite that takes longer hangs: it is ended and counts as failed. */
const SUITE_TIMEOUT_MS = 15 * 60_000;

const require = createRequire(import.meta.url);

/** The tests of one vitest project. @param {string} project @returns {Promise<Counts>} */
export function runVitest(project) {
  return runReported(
    (report) => ({
      args: [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ],
    }),
    countVitest,
  );
}

/** The tests in a browser. @returns {Promise<Counts>} */
export function runPlaywright() {
  const args = [require.resolve('@playwright/test/cli'), 'test', '--reporter=list,json'];
  return runReported((report) => ({ args, env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report } }), countPlaywright);
}

/** The fault loop, its scenarios and its mutants; each fault, comparison and mutant counts. @returns {Promise<Counts>} */
export function runFaults() {
  return runReported((report) => ({ args: [path.join(root, 'scripts/faults.mjs'), '--report', report] }), countFaults);
}

/**
 * Runs Node with these arguments; all output is shown when something failed.
 * @param {(report: string) => { args: string[], env?: Record<string, string> }} command
 * @param {(report: any) => Counts} count
 * @returns {Promise<Counts>}
 */
async function runReported(command, count) {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const { args, env } = command(report);
    const { code, output } = await runNode(args, env);
    const counts = existsSync(report)
      ? count(JSON.parse(readFileSync(report, 'utf8')))
      : { passed: 0, failed: 0, skipped: 0 };
    const settled = settle(counts, code, Boolean(process.env.CI));
    if (settled.failed > 0) console.log(output.trimEnd());
    return settled;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a report and an exit code mean together: a suite that crashed or ran nothing has failed, and so has, where CI
 * promises every test, one that skipped some.
 * @param {Counts} counts @param {number | null} code @param {boolean} ci @returns {Counts}
 */
export function settle({ passed, failed, skipped }, code, ci) {
  const broken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: failed + (broken ? 1 : 0) + (ci ? skipped : 0), skipped: ci ? 0 : skipped };
}

/** A file that could not be loaded has no test results, yet failed. @param {any} report @returns {Counts} */
export function countVitest(report) {
  const unloadable = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** @param {any} report @returns {Counts} */
export function countPlaywright({ stats, errors = [] }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** @param {Counts} report @returns {Counts} */
function countFaults({ passed, failed, skipped }) {
  return { passed, failed, skipped };
}

/** @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<{ code: number | null, output: string }>} */
function runNode(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what it started ends with it.
      detached: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    const forward = (/** @type {NodeJS.Signals} */ signal) => endGroup(child.pid, signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const deadline = setTimeout(() => {
      output += `\nended after ${SUITE_TIMEOUT_MS / 60_000} minutes\n`;
      endGroup(child.pid, 'SIGKILL');
    }, SUITE_TIMEOUT_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(deadline);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, output });
    });
  });
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function endGroup(pid, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
