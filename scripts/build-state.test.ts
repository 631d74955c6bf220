import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../server/config/project-root.ts';

let project = '';
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'throughline-build-state-'));
  for (const script of ['build-state.mjs', 'tracked-files.mjs']) {
    cpSync(path.join(projectRoot(), 'scripts', script), path.join(project, 'scripts', script));
  }
  write('package-lock.json', '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}');
  write('server/main/tap.ts', 'export const tap = 1;');
});
afterEach(() => rmSync(project, { recursive: true }));

test('a build is fresh until something it was made from changes', () => {
  expect(ask('buildIsFresh()')).toBe(false);
  build();
  expect(ask('buildIsFresh()')).toBe(true);
  write('server/main/tap.ts', 'export const tap = 2;');
  expect(ask('buildIsFresh()')).toBe(false);
});

test('a new, a renamed and an emptied file make a build stale', () => {
  build();
  write('app/page.tsx', '');
  expect(ask('buildIsFresh()')).toBe(false);
  build();
  rmSync(path.join(project, 'app/page.tsx'));
  write('app/layout.tsx', '');
  expect(ask('buildIsFresh()')).toBe(false);
});

test('tests and documents do not make a build stale', () => {
  build();
  write('server/main/tap.test.ts', '');
  write('server/README.md', '');
  write('docs/architecture.md', '');
  write('e2e/pages.spec.ts', '');
  expect(ask('buildIsFresh()')).toBe(true);
});

test('dependencies are fresh only when they were installed from this lock file', () => {
  expect(ask('depsAreFresh()')).toBe(false);
  write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"0.9.0"}}}');
  expect(ask('depsAreFresh()')).toBe(false);
  write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  expect(ask('depsAreFresh()')).toBe(true);
  ask('markInstalled()');
  write('package-lock.json', '{"packages":{"":{},"node_modules/a":{"version":"1.0.1"}}}');
  expect(ask('depsAreFresh()')).toBe(false);
});

function build(): void {
  write('.next/BUILD_ID', 'x');
  write('dist/main/tap.js', '');
  ask('markBuilt(state.sourceHash())');
}

function write(file: string, text: string): void {
  mkdirSync(path.join(project, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

/** Asks the copy of the script in that project. */
function ask(call: string): unknown {
  const code = `import * as state from './scripts/build-state.mjs'; const { buildIsFresh, depsAreFresh, markInstalled, markBuilt } = state; console.log(JSON.stringify(${call}) ?? 'null');`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: project,
    encoding: 'utf8',
  });
  return JSON.parse(output);
}
