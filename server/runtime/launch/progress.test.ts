import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProgress } from './progress.ts';

let written = '';
beforeEach(() => {
  written = '';
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function progress(isTty: boolean) {
  return createProgress({ write: (text) => (written += text), isTty, now: () => performance.now() });
}

test('in a log a short step is one line, a long one says every five seconds how far it is', () => {
  const log = progress(false);
  log.begin('Starting PostgreSQL').done('PostgreSQL is up');
  const step = log.begin('Downloading');
  vi.advanceTimersByTime(1999);
  expect(written).toBe('PostgreSQL is up (0.0 s)\n');
  step.update('12 of 54 MB');
  vi.advanceTimersByTime(5001);
  step.done('Downloaded');
  vi.advanceTimersByTime(60_000);
  expect(written.split('\n')).toEqual([
    'PostgreSQL is up (0.0 s)',
    'Downloading … 12 of 54 MB, 2.0 s',
    'Downloading … 12 of 54 MB, 7.0 s',
    'Downloaded (7.0 s)',
    '',
  ]);
});

test('on a terminal the line changes in place, and other lines push it aside', () => {
  const terminal = progress(true);
  const step = terminal.begin('Starting');
  vi.advanceTimersByTime(200);
  terminal.say('tap: something');
  expect(written).toBe('\r\u001b[KStarting … 0.2 s\r\u001b[Ktap: something\n');
  step.drop();
  written = '';
  vi.advanceTimersByTime(10_000);
  expect(written).toBe('');
});
