// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.resolve(fileURLToPath(import.meta.url), '../..');

const SKIPPED = new Set(['node_modules', '.git', '.next', 'dist', 'coverage', 'test-results', 'playwright-report']);

/**
 * The project's files whose path matches, sorted, with forward slashes: those git knows or would add. Without git (a
 * downloaded archive) every file but those of tools.
 * @param {RegExp} pattern
 * @returns {string[]}
 */
export function trackedFiles(pattern) {
  const files = listByGit() ?? listByHand('');
  return files.filter((file) => pattern.test(file) && existsSync(path.join(root, file))).sort();
}

/** @returns {string[] | null} */
function listByGit() {
  if (!existsSync(path.join(root, '.git'))) return null;
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const output = execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...new Set(output.split('\0'))].filter((file) => file !== '');
  } catch {
    return null;
  }
}

/** @param {string} folder @returns {string[]} */
function listByHand(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listByHand(file);
    return entry.isFile() ? [file] : [];
  });
}
