import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBoundedLog } from './bounded-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtime-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keeps two files of a bounded size, the newest lines in the first', () => {
  const file = path.join(folder, 'tap.log');
  const log = createBoundedLog(file, 1000);
  for (let line = 0; line < 100; line++) log.write(`line ${line} ${'x'.repeat(80)}\n`);
  log.close();
  expect(statSync(file).size).toBeLessThanOrEqual(1100);
  expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1100);
  expect(readFileSync(file, 'utf8')).toContain('line 99 ');
});

test('remembers the last lines, also a last one without end, and cuts long ones', () => {
  const log = createBoundedLog(path.join(folder, 'tap.log'));
  log.write('one\ntw');
  log.write('o\nthree');
  expect(log.lastLines()).toEqual(['one', 'two', 'three']);
  log.write(`${'y'.repeat(10_000)}\n`);
  expect(log.lastLines().at(-1)).toHaveLength(2000);
  log.close();
});
