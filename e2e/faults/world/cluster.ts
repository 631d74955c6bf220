import { type Admin, Kafka, logLevel } from 'kafkajs';
import { discoverTopics } from '../../../server/source/kafka/cluster/discover-topics.ts';
import { partitionKey } from '../../../server/source/kafka/cluster/offsets.ts';
import { connectKafka } from '../../../server/source/kafka/connection/kafka-connection.ts';
import { decodeAssignment } from '../../../server/source/kafka/group/kafka-group-protocol.ts';
import { until } from '../../support/until.ts';
import { partitionName } from '../check/written.ts';
import { PATIENCE_MS } from '../patience.ts';

/** A topic in its present life. */
export interface LivingTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: number;
}

/** Where a partition's log begins and ends. */
export interface LogBounds {
  readonly low: bigint;
  readonly end: bigint;
}

/** A member of a consumer group, by the partitions it has: `topic/partition`. */
export type GroupShares = readonly (readonly string[])[];

/** Asks and changes a cluster as an operator would, with a fresh client for each task. */
export interface Cluster {
  readonly kafka: Kafka;
  /** Creates a topic and answers its id once every partition has a leader. `before` is the id of its last life. */
  createTopic(
    topic: string,
    partitions: number,
    config: Readonly<Record<string, string>>,
    before?: string,
  ): Promise<LivingTopic>;
  /** Resolves once the cluster does not list the topic any more. */
  deleteTopic(topic: string): Promise<void>;
  /** Resolves once the new partitions have leaders. */
  addPartitions(topic: LivingTopic, partitions: number): Promise<LivingTopic>;
  /** Deletes the records of a partition below that offset, as retention would. */
  deleteRecords(topic: string, partition: number, below: bigint): Promise<void>;
  /** Bounds of every partition, by `partitionName`. */
  bounds(topics: readonly LivingTopic[]): Promise<Map<string, LogBounds>>;
  /** Shares of a group's members; null while it is being shared out. */
  shares(groupId: string): Promise<GroupShares | null>;
}

export function clusterAt(address: string): Cluster {
  const kafka = new Kafka({
    clientId: 'faults',
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
  });

  /** A client that has seen a topic fails for all once that one is deleted, hence a fresh one; a broker that just came back is asked again. */
  const administer = <T>(what: string, task: (admin: Admin) => Promise<T>): Promise<T> =>
    until(
      what,
      async () => {
        const admin = kafka.admin();
        try {
          await admin.connect();
          return { answer: await task(admin) };
        } finally {
          await admin.disconnect().catch(() => undefined);
        }
      },
      { timeoutMs: PATIENCE_MS, everyMs: 200 },
    ).then(({ answer }) => answer);

  const find = async (topic: string): Promise<(LivingTopic & { readonly led: boolean }) | null> => {
    const [host = '', port = ''] = address.split(':');
    const life = new AbortController();
    const connection = await connectKafka(host, Number(port), { clientId: 'faults' }, life.signal);
    try {
      const { topics, unreadable, leaderOf } = await discoverTopics(connection, {});
      const found = topics.find((one) => one.topic === topic);
      if (found?.topicId == null || unreadable.some((one) => one.topic === topic)) return null;
      const { topicId, partitions } = found;
      const led = Array.from({ length: partitions }, (_, partition) => leaderOf(partitionKey({ topic, partition })));
      return { topic, topicId, partitions, led: led.every((leader) => leader !== null) };
    } finally {
      life.abort();
    }
  };

  const untilLed = (topic: string, partitions: number, before?: string): Promise<LivingTopic> =>
    until(
      `leaders of ${topic}`,
      async () => {
        const found = await find(topic);
        return found?.led && found.partitions === partitions && found.topicId !== before ? found : null;
      },
      { timeoutMs: PATIENCE_MS },
    );

  return {
    kafka,
    async createTopic(topic, partitions, config, before) {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await administer(`${topic} to be created`, async (admin) => {
        await admin.createTopics({
          topics: [{ topic, numPartitions: partitions, configEntries }],
          waitForLeaders: false,
        });
      });
      return untilLed(topic, partitions, before);
    },
    async deleteTopic(topic) {
      await administer(`${topic} to be deleted`, async (admin) => {
        if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
      });
      await administer(`${topic} to be gone`, async (admin) => {
        if ((await admin.listTopics()).includes(topic)) throw new Error('it is still listed');
      });
    },
    async addPartitions({ topic }, partitions) {
      await administer(`partitions of ${topic}`, async (admin) => {
        if ((await find(topic))?.partitions === partitions) return;
        await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
      });
      return untilLed(topic, partitions);
    },
    async deleteRecords(topic, partition, below) {
      await administer(`records of ${topic} to be deleted`, async (admin) => {
        // The client must have heard of the topic before it is asked for this.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(below) }] });
      });
    },
    bounds: (topics) =>
      administer('the ends of the logs', async (admin) => {
        const found = new Map<string, LogBounds>();
        for (const { topic, topicId, partitions } of topics) {
          const offsets = await admin.fetchTopicOffsets(topic);
          if (offsets.length !== partitions) throw new Error(`${topic} shows ${offsets.length} partitions`);
          for (const { partition, low, high } of offsets) {
            found.set(partitionName({ topicId, partition }), { low: BigInt(low), end: BigInt(high) });
          }
        }
        return found;
      }),
    shares: (groupId) =>
      administer('the group', async (admin) => {
        const [group] = (await admin.describeGroups([groupId])).groups;
        if (group?.state !== 'Stable') return null;
        return group.members.map(({ memberAssignment }) =>
          decodeAssignment(memberAssignment).map(({ topic, partition }) => `${topic}/${partition}`),
        );
      }),
  };
}
