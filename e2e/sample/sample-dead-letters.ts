import type { AsOf } from '../../server/model/as-of.ts';
import type { DeadLetters } from '../../server/ports/dead-letters.ts';

/** A cluster without dead letters. */
export function sampleDeadLetters(asOf: () => Promise<AsOf>): DeadLetters {
  return {
    async queues() {
      return {
        ...(await asOf()),
        ...{ queues: [], others: [], more: false, without_dead_letter: [] },
        total: {
          ...{ depth: null, stored: '0', arrivals_per_min: null, oldest_age_s: null, expires_in_s: null, unknown: 0 },
        },
      };
    },
    queue: async () => null,
    record: async () => null,
    mark: async () => false,
  };
}
