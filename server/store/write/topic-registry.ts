import type { DiscoveredTopic } from '../../ports/source.ts';
import type { NumberedTopic } from './register-topics.ts';

type Register = (clusterId: number, topics: readonly DiscoveredTopic[]) => Promise<readonly NumberedTopic[]>;

interface Registered {
  readonly clusterId: number;
  readonly topics: readonly DiscoveredTopic[];
  readonly answer: readonly NumberedTopic[];
  readonly atMs: number;
}

/**
 * After this long the database is asked again though nothing has changed here: another tap, that knew less for a
 * moment, may have marked a topic as gone.
 */
const ASK_AGAIN_MS = 60_000;

/**
 * Registers topics, and answers from memory while they are as they were: a discovery every five seconds costs the
 * database nothing. Keeps one list of topics. `nowMs` is a clock that never goes back.
 */
export function createTopicRegistry(register: Register, nowMs: () => number): Register {
  let last: Registered | null = null;
  return async (clusterId, topics) => {
    const atMs = nowMs();
    const fresh = last !== null && atMs - last.atMs < ASK_AGAIN_MS;
    if (last !== null && fresh && last.clusterId === clusterId && isSame(last.topics, topics)) return last.answer;
    last = { clusterId, topics, answer: await register(clusterId, topics), atMs };
    return last.answer;
  };
}

function isSame(before: readonly DiscoveredTopic[], now: readonly DiscoveredTopic[]): boolean {
  return (
    before.length === now.length &&
    now.every(({ topic, topicId, partitions }, index) => {
      const old = before[index];
      return old?.topic === topic && old.topicId === topicId && old.partitions === partitions;
    })
  );
}
