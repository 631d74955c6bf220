import { cpuSecondsOfTree, peakMemoryMb } from '../support/postgres-cost.ts';
import type { IngestTask, Timed } from './contenders.ts';

/** Counts stored records and measures from the first that were stored to the last. */
export interface Stopwatch {
  add(records: number): void;
  readonly done: Promise<Timed>;
}

export function createStopwatch({ count, postgresPid }: Pick<IngestTask, 'count' | 'postgresPid'>): Stopwatch {
  let seen = 0;
  let first = 0;
  let startedAt = 0;
  let startedCpu = process.cpuUsage();
  let startedPostgres = 0;
  let finish: (timed: Timed) => void = () => undefined;
  const done = new Promise<Timed>((resolve) => {
    finish = resolve;
  });
  return {
    done,
    add(records) {
      seen += records;
      if (first === 0) {
        first = seen;
        startedPostgres = cpuSecondsOfTree(postgresPid);
        startedCpu = process.cpuUsage();
        startedAt = performance.now();
      }
      if (seen < count) return;
      const seconds = (performance.now() - startedAt) / 1000;
      const { user, system } = process.cpuUsage(startedCpu);
      const millions = (seen - first) / 1e6;
      finish({
        recordsPerS: (seen - first) / seconds,
        clientCpuS: (user + system) / 1e6 / millions,
        postgresCpuS: (cpuSecondsOfTree(postgresPid) - startedPostgres) / millions,
        peakMb: peakMemoryMb('self'),
      });
    },
  };
}
