/** One partition of a dead-letter queue, as it was last seen. Offsets are the broker's. */
export interface QueuePartition {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
  /** What the triage groups of the queue have committed, the lowest of several; null where none is declared or none has committed. */
  readonly triaged: number | null;
}

/** One dead-letter queue, as watch last saw it. */
export interface QueueReading {
  readonly cluster: string;
  readonly topic: string;
  /** Id of the topic's incarnation, as a topic that is made anew is another; null where that is not known. */
  readonly life: number | null;
  /** When it was looked at, epoch ms; null where it was never. */
  readonly lookedAt: number | null;
  readonly partitions: readonly QueuePartition[];
  /** Record timestamp of the oldest record that is not handled, epoch ms; null where there is none or it is not stored. */
  readonly oldestAt: number | null;
  /** Groups declared to work the queue off. */
  readonly triageGroups: readonly string[];
}
