import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaySinceMs } from './replay-since.ts';

const NOW = Date.parse('2026-03-01T12:00:00.123Z');
let folder = '';
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-since-')), 'not yet there');
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

test('a data folder keeps when its replay began, ten minutes before the first start', () => {
  const first = replaySinceMs(folder, NOW);
  expect(first).toBe(NOW - 600_000);
  expect(replaySinceMs(folder, NOW + 86_400_000)).toBe(first);
});

test.each([
  ['nonsense', 'nonsense'],
  ['another shape', '{"playedSince":5}'],
  ['a time of the future', '{"playedSince":"2026-03-01T12:00:01.000Z"}'],
])('%s in the file begins another replay, which is kept', (_what, text) => {
  replaySinceMs(folder, NOW - 5000);
  writeFileSync(path.join(folder, 'replay.json'), text);
  expect(replaySinceMs(folder, NOW)).toBe(NOW - 600_000);
  expect(replaySinceMs(folder, NOW + 1)).toBe(NOW - 600_000);
});
