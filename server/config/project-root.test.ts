import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from './project-root.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'throughline-root-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('sources find the folder that holds the migrations', () => {
  expect(existsSync(path.join(projectRoot(), 'server/store/migrations/000001.sql'))).toBe(true);
});

test('a bundle finds the project past a package.json of another name', () => {
  mkdirSync(path.join(folder, 'dist/main'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"name":"throughline"}');
  writeFileSync(path.join(folder, 'dist/package.json'), '{"type":"module"}');
  expect(projectRoot(pathToFileURL(path.join(folder, 'dist/main/tap.js')).href)).toBe(folder);
});

test('a bundle outside of the project says where it looked', () => {
  expect(() => projectRoot(pathToFileURL(path.join(folder, 'tap.js')).href)).toThrow(folder);
});
