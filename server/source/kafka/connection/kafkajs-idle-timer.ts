import { kafkajsInternals } from './kafkajs-internals.ts';

/**
 * Keeps idle connections quiet. After each answer kafkajs 2.2.4 sets a timer of −1 ms to look for waiting requests, and
 * each look sets the next: about 2,500 wake-ups a second and 4 % of a core for every idle connection. A look is only
 * needed while something waits. Safe to call again.
 */
export function quietIdleConnections(): void {
  const queue = kafkajsInternals.RequestQueue.prototype;
  if (patched.has(queue)) return;
  patched.add(queue);
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function scheduleWhenWaiting() {
    if (this.pending.length > 0) schedule.call(this);
  };
}

const patched = new WeakSet<object>();
