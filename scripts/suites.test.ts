import { expect, test } from 'vitest';
import { countPlaywright, countVitest, settle } from './suites.mjs';

test('a suite that ran nothing has failed, whatever its exit code', () => {
  expect(settle({ passed: 0, failed: 0, skipped: 0 }, 0, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a suite that crashed after its tests passed has failed', () => {
  expect(settle({ passed: 7, failed: 0, skipped: 0 }, 1, false)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  expect(settle({ passed: 7, failed: 0, skipped: 0 }, null, false)).toEqual({ passed: 7, failed: 1, skipped: 0 });
});

test('failed tests are counted once, though the runner exits with 1 as well', () => {
  expect(settle({ passed: 7, failed: 2, skipped: 0 }, 1, false)).toEqual({ passed: 7, failed: 2, skipped: 0 });
});

test('a skipped test is told of locally and is a failure where CI promises it', () => {
  expect(settle({ passed: 7, failed: 0, skipped: 1 }, 0, false)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  expect(settle({ passed: 7, failed: 0, skipped: 1 }, 0, true)).toEqual({ passed: 7, failed: 1, skipped: 0 });
});

test('a test file that could not be loaded counts as failed', () => {
  const files = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ];
  const report = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, numTodoTests: 1, testResults: files };
  expect(countVitest(report)).toEqual({ passed: 1, failed: 2, skipped: 1 });
});

test('a browser test that passed only on a second try counts as failed, and so does an error outside of tests', () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{ message: 'no product' }] };
  expect(countPlaywright(report)).toEqual({ passed: 3, failed: 3, skipped: 2 });
});
