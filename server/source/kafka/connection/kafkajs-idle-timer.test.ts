import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quietIdleConnections } from './kafkajs-idle-timer.ts';
import { kafkajsInternals } from './kafkajs-internals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function queueOf(pending: unknown[]) {
  const queue: object = Object.create(kafkajsInternals.RequestQueue.prototype);
  const state = { pending, throttledUntil: -1, throttleCheckTimeoutId: null, maxInFlightRequests: 1 };
  return Object.assign(queue, state, { inflight: new Map([[1, 'a request']]) });
}

test('a connection with nothing waiting sets no timer, one with a waiting request does', () => {
  quietIdleConnections();
  quietIdleConnections();
  const { scheduleCheckPendingRequests: schedule } = kafkajsInternals.RequestQueue.prototype;
  schedule.call(queueOf([]));
  expect(vi.getTimerCount()).toBe(0);
  schedule.call(queueOf(['waiting']));
  expect(vi.getTimerCount()).toBe(1);
});
