import type { SessionContext } from '../session-context.ts';
import { partitionKey, startOffsets } from './offsets.ts';
import type { TopicMap } from './topic-map.ts';

/**
 * At the very first start nothing is stored: every partition there is begins by the start rule. All that are found
 * later begin at their beginning.
 */
export async function beginFirst({ memory, options, sink, ask }: SessionContext, topics: TopicMap): Promise<void> {
  if (memory.begun) return;
  const partitions = topics.all().flatMap((named) => topics.identify(named));
  const positions = await ask(() => sink.positions(partitions));
  const first = positions.every(({ nextOffset }) => nextOffset === null);
  if (first && options.start.kind !== 'beginning') {
    const offsets = await startOffsets(partitions, options.start, options.clock, topics.leaderOf);
    for (const partition of partitions) {
      const offset = offsets.get(partitionKey(partition));
      if (offset !== undefined) await ask(() => sink.begin(partition, offset));
    }
  }
  memory.begun = true;
}
