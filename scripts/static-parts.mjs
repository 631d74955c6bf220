// @ts-check
// The checks that look at the sources without running them.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './tracked-files.mjs';

const CRUISED = ['app', 'components', 'server', 'otel', 'demo', 'e2e', 'bench', 'scripts'];

/** A tool of node_modules, run by this Node. @param {string} file @param {string[]} args */
function tool(file, args) {
  return { command: process.execPath, args: [path.join(root, 'node_modules', file), ...args] };
}

/** Types, lint and format, import rules, purity, and what nobody uses. @returns {import('./parts.mjs').Part[]} */
export function staticParts() {
  const folders = CRUISED.filter((folder) => existsSync(path.join(root, folder)));
  const knip = createRequire(import.meta.url).resolve('knip');
  return [
    { name: 'types', ...tool('typescript/bin/tsc', ['--noEmit']) },
    {
      name: 'lint and format',
      ...tool('@biomejs/biome/bin/biome', ['ci', '--colors=off', '--max-diagnostics=50', '.']),
    },
    {
      name: 'import rules',
      ...tool('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.mjs', ...folders]),
    },
    { name: 'pure folders, environment', command: process.execPath, args: ['scripts/check-purity.mjs'] },
    {
      name: 'nothing unused',
      command: process.execPath,
      args: [path.join(knip, '../../bin/knip.js'), '--no-progress', '--no-config-hints'],
    },
  ];
}

/** Tests that need no service. @type {import('./parts.mjs').Part} */
export const pureTests = {
  name: 'pure tests',
  ...tool('vitest/vitest.mjs', ['run', '--project', 'pure', '--reporter=dot']),
};
