import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderError, openDataFolder } from './data-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'runtime-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a data folder is made with all its parents', () => {
  const folder = openDataFolder(path.join(root, 'a/b/c'));
  expect(existsSync(folder.run)).toBe(true);
  expect(existsSync(folder.logs)).toBe(true);
});

test('one that cannot be made is refused with the remedy, also where it never can be', () => {
  const file = path.join(root, 'file');
  writeFileSync(file, '');
  for (const place of [path.join(file, 'data'), '/proc/throughline/data']) {
    expect(() => openDataFolder(place)).toThrow(FolderError);
    expect(() => openDataFolder(place)).toThrow(/cannot be written \(E[A-Z]+\).*set THROUGHLINE_DATA_DIR/);
  }
});
