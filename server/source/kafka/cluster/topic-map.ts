import type { RegisteredTopic, TopicPartition } from '../../../ports/source.ts';
import { createWake, type Wake } from '../../wake.ts';
import { type BrokerConnections, createBrokerConnections } from '../connection/broker-connections.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { pause } from '../pause.ts';
import type { SessionContext } from '../session-context.ts';
import { type Discovery, discoverTopics } from './discover-topics.ts';
import { discoveryPause } from './discovery-pause.ts';
import { type LeaderOf, partitionKey } from './offsets.ts';

/** The cluster as last discovered, with the incarnations that the sink gave its topics. */
export interface TopicMap {
  readonly discovery: Discovery;
  readonly connections: BrokerConnections;
  /** Rung when the topics or leaders seem to be others than we think. */
  readonly discoverNow: Wake;
  /** Another number whenever topics, incarnations or partition counts have changed. */
  readonly version: number;
  has(topic: string): boolean;
  topicIdOf(topic: string): string | null;
  firstStartOf(topic: string): RegisteredTopic['firstStart'];
  /** Connects to the leader of a partition; null while it has none or does not answer. */
  readonly leaderOf: LeaderOf;
  /** All partitions by name, in an order that every tap computes alike. */
  all(): NamedPartition[];
  /** The partition with its incarnation; nothing for one that we do not know (yet). */
  identify(named: NamedPartition): TopicPartition[];
  /** Looks once. */
  discover(): Promise<void>;
  /** Looks again after each rest and whenever rung, until the session ends. */
  keepDiscovering(): Promise<void>;
}

/** Between two discoveries, however many partitions ask for one. */
const DISCOVERY_PAUSE_MS = 250;
const NOTHING: Discovery = { clusterId: '', brokers: [], topics: [], unreadable: [], leaderOf: () => null };

/**
 * `onDiscovered` hears of each discovery whether the topics, incarnations or partition counts are others than before.
 */
export function createTopicMap(context: SessionContext, onDiscovered: (changed: boolean) => Promise<void>): TopicMap {
  const { seed, options, ending, sink, ask, life } = context;
  let discovery = NOTHING;
  let version = 0;
  let restMs = 0;
  let topics: ReadonlyMap<string, RegisteredTopic> = new Map();
  const discoverNow = createWake();
  const connections = createBrokerConnections(options.access, life, () => discovery.brokers);

  const map: TopicMap = {
    get discovery() {
      return discovery;
    },
    get version() {
      return version;
    },
    connections,
    discoverNow,
    has: (topic) => topics.has(topic),
    topicIdOf: (topic) => topics.get(topic)?.topicId ?? null,
    firstStartOf: (topic) => topics.get(topic)?.firstStart ?? null,
    async leaderOf(named) {
      const leader = discovery.leaderOf(partitionKey(named));
      return leader === null ? null : connections.to(leader).catch(() => null);
    },
    all() {
      const sorted = [...topics.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1));
      return sorted.flatMap(({ topic, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
      );
    },
    identify({ topic, partition }) {
      const registered = topics.get(topic);
      if (registered === undefined || partition >= registered.partitions) return [];
      return [{ incarnationId: registered.incarnationId, topic, partition }];
    },
    async discover() {
      const began = performance.now();
      const found = await discoverTopics(seed, options.choice);
      discovery = found;
      const registered = await ask(() => sink.discovered({ kafkaId: found.clusterId }, found.topics));
      const before = topics;
      topics = new Map(registered.map((topic) => [topic.topic, topic]));
      const changed = !isSame(before, topics);
      if (changed) version += 1;
      restMs = discoveryPause({ tookMs: performance.now() - began, changed, mostMs: options.discoveryIntervalMs });
      await onDiscovered(changed);
    },
    async keepDiscovering() {
      while (!ending.aborted) {
        await discoverNow.sleep(restMs, ending);
        if (ending.aborted) return;
        await map.discover();
        await pause(DISCOVERY_PAUSE_MS, ending);
      }
    },
  };
  return map;
}

function isSame(before: ReadonlyMap<string, RegisteredTopic>, now: ReadonlyMap<string, RegisteredTopic>): boolean {
  if (before.size !== now.size) return false;
  for (const [topic, { incarnationId, partitions }] of now) {
    const old = before.get(topic);
    if (old?.incarnationId !== incarnationId || old.partitions !== partitions) return false;
  }
  return true;
}
