import { readTopicName } from '@/server/model/topic-name.ts';
import type { PartitionCoverage } from '@/server/model/wire.ts';

/** One life of a topic, with its partitions in order. */
export interface TopicLife {
  readonly topic: string;
  /** The incarnation's ordinal: a topic made anew is another one. */
  readonly n: number;
  readonly partitions: readonly PartitionCoverage[];
}

/** Topics whose names differ in nothing but environment, version and ids. */
export interface TopicFamily {
  readonly family: string;
  readonly lives: readonly TopicLife[];
  /** Names of topics in it; a topic made anew counts once. */
  readonly topics: number;
}

/** Partitions by topic and life, those by family; everything in the order in which it first comes. */
export function topicFamilies(partitions: readonly PartitionCoverage[]): readonly TopicFamily[] {
  const lives = groupedBy(partitions, ({ topic, n }) => `${topic}~${n}`);
  const families = groupedBy(
    lives.flatMap((members) => {
      const [first] = members;
      return first === undefined ? [] : [{ topic: first.topic, n: first.n, partitions: members }];
    }),
    ({ topic }) => readTopicName(topic).family,
  );
  return families.map((members) => ({
    family: readTopicName(members[0]?.topic ?? '').family,
    lives: members,
    topics: new Set(members.map(({ topic }) => topic)).size,
  }));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Records of a family that are not read yet, as text; null while one of them is not known. */
export function unreadOf({ lives }: TopicFamily): string | null {
  let sum = 0n;
  for (const { partitions } of lives)
    for (const { lag } of partitions) {
      if (lag === null) return null;
      sum += BigInt(lag);
    }
  return String(sum);
}
