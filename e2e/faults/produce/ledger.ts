import type { HoleFact, PlacedRecord, Written } from '../check/written.ts';
import type { LivingTopic } from '../world/cluster.ts';
import type { MadeRecord } from './make-record.ts';

/** Keeps account of what was written, topic by topic and life by life. */
export interface Ledger {
  /** The topics there are now. */
  living(): readonly LivingTopic[];
  /** A topic was born, or has more partitions than before. */
  lives(topic: LivingTopic): void;
  dies(topic: LivingTopic): void;
  acknowledge(topic: LivingTopic, partition: number, base: bigint, records: readonly MadeRecord[]): void;
  /** Their producer never learned whether they were written. */
  doubt(records: readonly MadeRecord[]): void;
  hole(hole: HoleFact): void;
  readonly acknowledged: number;
  /** All of it, with what an independent reader found in the logs. */
  written(found: Pick<Written, 'inLog' | 'logs'>): Written;
}

export function createLedger(): Ledger {
  const living = new Map<string, LivingTopic>();
  const lives = new Map<string, { topic: string; live: boolean }>();
  const acknowledged: PlacedRecord[] = [];
  const uncertain = new Set<string>();
  const holes: HoleFact[] = [];
  return {
    living: () => [...living.values()],
    lives(topic) {
      living.set(topic.topicId, topic);
      lives.set(topic.topicId, { topic: topic.topic, live: true });
    },
    dies({ topic, topicId }) {
      living.delete(topicId);
      lives.set(topicId, { topic, live: false });
    },
    acknowledge({ topicId }, partition, base, records) {
      records.forEach(({ digest }, index) => {
        acknowledged.push({ topicId, partition, offset: base + BigInt(index), digest });
      });
    },
    doubt(records) {
      for (const { digest } of records) uncertain.add(digest);
    },
    hole: (hole) => void holes.push(hole),
    get acknowledged() {
      return acknowledged.length;
    },
    written: (found) => ({ lives, acknowledged, uncertain, holes, ...found }),
  };
}
