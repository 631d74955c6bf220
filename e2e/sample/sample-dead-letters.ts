import type { AsOf } from '../../server/model/as-of.ts';
import type { DeadLetters } from '../../server/ports/dead-letters.ts';
import { sampleFailures, sampleGroups, sampleLetter, sampleLetters, sampleQueues } from './sample-queues.ts';

/** Dead letters of a cluster that has trouble; nothing can be marked. */
export function sampleDeadLetters(asOf: () => Promise<AsOf>): DeadLetters {
  return {
    async queues() {
      const all = sampleQueues(Date.now());
      return {
        ...(await asOf()),
        queues: all.filter(({ kind }) => kind === 'dead letter'),
        others: all.filter(({ kind }) => kind !== 'dead letter'),
        more: false,
        without_dead_letter: sampleFailures(Date.now()),
        total: {
          ...{
            depth: '29',
            stored: '30',
            arrivals_per_min: 0.45,
            oldest_age_s: 530_000,
            expires_in_s: 74_460,
            unknown: 0,
          },
        },
      };
    },
    async queue({ topic, groupBy }) {
      const queue = sampleQueues(Date.now()).find((one) => one.topic === topic);
      if (queue === undefined) return null;
      const now = new Date().toISOString();
      return {
        ...(await asOf()),
        ...{ queue, partitions: [], from: now, to: now, step_s: 60, group_by: groupBy },
        groups: sampleGroups(Date.now()),
        more_groups: false,
        records: sampleLetters(Date.now(), topic),
        next_cursor: null,
      };
    },
    async record(id) {
      const detail = sampleLetter(Date.now(), id);
      return detail === null ? null : { ...(await asOf()), ...detail };
    },
    mark: async () => false,
  };
}
