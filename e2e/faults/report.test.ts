import { expect, test } from 'vitest';
import { DIFFERENCES } from './check/compare.ts';
import { createReport } from './report.ts';

const NOTHING = {
  written: {
    lives: new Map(),
    acknowledged: [],
    inLog: [],
    uncertain: new Set<string>(),
    logs: new Map(),
    holes: [],
  },
  stored: {
    records: [],
    events: [],
    holes: [],
    positions: new Map(),
    totals: new Map(),
    counts: new Map(),
    traces: [],
  },
};

test('each kind of difference is a check, and what was found is shown', () => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line));
  report.comparison('now', { ...NOTHING, differences: [{ kind: 'double', detail: 'at this place' }] });
  expect(report.failed).toBe(1);
  expect(report.close(null)).toBe(`${DIFFERENCES.length - 1} passed, 1 failed`);
  expect(lines.join('\n')).toContain('at this place');
});

test('a check that fails is counted and said, with its cause; one that must not fail ends the run', async () => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line));
  const fails = () => Promise.reject(new Error('outer', { cause: new Error('inner') }));
  await report.check('first', fails);
  await expect(report.must('second', fails)).rejects.toMatchObject({ code: 'check_failed' });
  await report.check('third', () => Promise.resolve());
  expect(report.close(null)).toBe('1 passed, 2 failed');
  expect(lines[0]).toContain('FAILED  first: outer (inner)');
});
