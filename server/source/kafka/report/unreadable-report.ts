import { topicTrouble } from '../cluster/discover-topics.ts';
import { partitionKey } from '../cluster/offsets.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import type { SessionContext } from '../session-context.ts';

interface Trouble {
  readonly topic: string;
  readonly reason: string;
}

/**
 * Collects why topics cannot be read, and tells the sink when that has changed. At most one reason per partition is
 * kept.
 */
export interface UnreadableReport {
  /** A partition cannot be read, with Kafka's error code or the reason in words; null when it can again. */
  note(partition: NamedPartition, reason: { readonly errorCode: number } | string | null): void;
  /** Forgets all partitions: another tap may be given them, and their troubles are its to tell then. */
  clear(): void;
  /** Tells what discovery found together with what was noted on topics that `exists` knows. */
  tell(discovered: readonly Trouble[], exists: (topic: string) => boolean): Promise<void>;
}

export function createUnreadableReport({ ask, sink }: SessionContext): UnreadableReport {
  const troubles = new Map<string, Trouble>();
  /** What the sink was told last is unknown at first: it may still have the list of another life. */
  let told: string | null = null;
  return {
    note(partition, reason) {
      const key = partitionKey(partition);
      if (reason === null) {
        troubles.delete(key);
        return;
      }
      const text = typeof reason === 'string' ? reason : topicTrouble(reason.errorCode);
      troubles.set(key, { topic: partition.topic, reason: text });
    },
    clear: () => troubles.clear(),
    async tell(discovered, exists) {
      for (const [key, { topic }] of troubles) if (!exists(topic)) troubles.delete(key);
      const byTopic = new Map([...discovered, ...troubles.values()].map((item) => [item.topic, item] as const));
      const list = [...byTopic.values()];
      const text = JSON.stringify(list);
      if (text === told) return;
      await ask(() => sink.unreadable(list));
      told = text;
    },
  };
}
