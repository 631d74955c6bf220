import { expect, test } from 'vitest';
import { restartDelay } from './restart-delay.ts';

test('pauses double from half a second to half a minute', () => {
  const delays: number[] = [];
  let state = { failures: 0 };
  for (let failure = 0; failure < 9; failure++) {
    const next = restartDelay(state, 1000);
    delays.push(next.delayMs);
    state = next.state;
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('a run of a minute begins the row anew', () => {
  expect(restartDelay({ failures: 7 }, 60_000).delayMs).toBe(500);
  expect(restartDelay({ failures: 7 }, 59_999).delayMs).toBe(30_000);
});
