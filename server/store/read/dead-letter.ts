import type { DeadLetterFacts } from '../../model/dead-letter.ts';
import type { DeadLetterWire } from '../../model/wire.ts';

/** Most characters of a reason that are answered beside an event; the payload has the rest. */
const LONGEST = 300;

/** What a dead letter says of its original, beside its event; null facts where it cannot be read any more. */
export function toDeadLetterWire(facts: DeadLetterFacts | null): DeadLetterWire {
  if (facts === null) return { reason: null, retries: null, original: null };
  const { topic, partition, offset } = facts.original;
  return {
    reason: facts.reason?.slice(0, LONGEST) ?? null,
    retries: facts.retryCount,
    original: topic === null ? null : { topic, partition, offset: offset?.toString() ?? null },
  };
}
