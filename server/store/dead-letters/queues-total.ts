import type { DeadLetterQueues, DeadLetterQueueWire } from '../../model/dead-letter-wire.ts';

/** What the queues that count are together. */
export function totalOf(queues: readonly DeadLetterQueueWire[]): DeadLetterQueues['total'] {
  const depths = queues.flatMap(({ depth }) => (depth === null ? [] : [BigInt(depth)]));
  const numbers = (of: (queue: DeadLetterQueueWire) => number | null) =>
    queues.map(of).filter((each): each is number => each !== null);
  const arrivals = numbers((queue) => queue.arrivals_per_min);
  const ages = numbers((queue) => queue.oldest_age_s);
  const expiries = numbers((queue) => queue.expires_in_s);
  return {
    depth: depths.length === 0 ? null : `${depths.reduce((all, each) => all + each, 0n)}`,
    stored: `${queues.reduce((all, { stored }) => all + BigInt(stored), 0n)}`,
    arrivals_per_min: arrivals.length === 0 ? null : arrivals.reduce((all, each) => all + each, 0),
    oldest_age_s: ages.length === 0 ? null : Math.max(...ages),
    expires_in_s: expiries.length === 0 ? null : Math.min(...expiries),
    unknown: queues.length - depths.length,
  };
}
