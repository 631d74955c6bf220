// @ts-check
// Runs the parts of a check side by side, each as one line with its seconds, and shows all output of a part that fails.
import { spawn } from 'node:child_process';
import { root } from './tracked-files.mjs';

/**
 * @typedef {{ name: string, command: string, args: string[], env?: Record<string, string> }} Part
 * @typedef {{ name: string, ok: boolean, seconds: number, output: string }} PartResult
 */

/** @param {Part} part @returns {Promise<PartResult>} */
export function runPart({ name, command, args, env }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    const end = (/** @type {boolean} */ ok) =>
      resolve({ name, ok, seconds: (performance.now() - started) / 1000, output });
    child.once('error', (error) => {
      output += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

/** Runs parts with at most `width` at a time and prints each as it ends. @param {Part[]} parts @param {number} width @returns {Promise<PartResult[]>} */
export async function runParts(parts, width) {
  const waiting = [...parts];
  /** @type {PartResult[]} */
  const results = [];
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const result = await runPart(part);
      report(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** @param {PartResult} result */
function report({ name, ok, seconds, output }) {
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`);
  if (!ok) console.log(`${output.trimEnd()}\n`);
}
