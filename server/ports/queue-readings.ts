import type { QueueReading } from '../model/queue-reading.ts';

/** The queues that count, as watch last saw them: no mirrors, no quarantine, no retry topics. */
export interface QueueReadings {
  readQueues(): Promise<readonly QueueReading[]>;
}
