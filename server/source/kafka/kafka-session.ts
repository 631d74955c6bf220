import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { DiscoveredTopic, RecordSink, TopicPartition } from '../../ports/source.ts';
import { askSink, CalledOffError } from '../ask-sink.ts';
import { createWake } from '../wake.ts';
import { type Discovery, discoverTopics, type TopicChoice, topicTrouble } from './cluster/discover-topics.ts';
import { type LeaderOf, listOffsets, partitionKey, type StartRule, startOffsets } from './cluster/offsets.ts';
import { connectionTrouble } from './connection/connection-trouble.ts';
import { connectKafka, type KafkaAccess, type KafkaConnection } from './connection/kafka-connection.ts';
import { kafkaErrorCode } from './connection/kafka-error-code.ts';
import { type ReadPartition, runFetchLoop } from './fetch/fetch-loop.ts';
import { createPartitionReader } from './fetch/partition-reader.ts';
import { createGroupMember, type GroupMember, type MemberIdentity } from './group/group-member.ts';
import type { NamedPartition } from './group/kafka-group-protocol.ts';
import { OFFSET_QUERY } from './wire/kafka-protocol.ts';

export interface KafkaSessionOptions {
  readonly access: KafkaAccess;
  readonly groupId: string;
  readonly start: StartRule;
  readonly choice: TopicChoice;
  readonly clock: Clock;
  readonly discoveryIntervalMs: number;
  readonly sessionTimeoutMs: number;
  readonly decompressedCapBytes?: number | undefined;
}

/** What outlives a lost connection. */
export interface SourceMemory {
  /** The start rule has been applied: whatever is found from now on is read from its beginning. */
  begun: boolean;
  readonly member: MemberIdentity;
}

type Registered = DiscoveredTopic & { readonly incarnationId: number };

const HEARTBEAT_MS = 3_000;
const WATERMARK_MS = 2_000;
const COMMIT_MS = 5_000;
const REBALANCE_TIMEOUT_MS = 15_000;
const CONCURRENT_DELIVERIES = 3;
const RETRY_MS = 1_000;
/** How long the end of a session waits for deliveries in hand; what takes longer is stored or not, but never by halves. */
const IN_HAND_MS = 10_000;
/** How long it then waits for the last commit, the farewell to the group, and its own loops. */
const LET_GO_MS = 2_000;
/** Between two discoveries, however many partitions ask for one. */
const DISCOVERY_PAUSE_MS = 250;

/** What one session is made of. */
export interface KafkaSessionParts {
  readonly seed: KafkaConnection;
  /** Whoever aborts this closes every connection of the session; done by the caller once the session has ended. */
  readonly life: AbortSignal;
  readonly options: KafkaSessionOptions;
  readonly memory: SourceMemory;
  readonly sink: RecordSink;
  /** Told to stop. */
  readonly outer: AbortSignal;
  onConnected(): void;
}

/**
 * One connected life of the source: discovers, joins the group, fetches and delivers, until the signal is aborted
 * (resolves) or a connection is lost (rejects). No loop of it runs afterwards, unless the sink itself hangs.
 */
export async function runKafkaSession(parts: KafkaSessionParts): Promise<void> {
  await new Session(parts).run(() => parts.onConnected());
}

class Session {
  private readonly seed: KafkaConnection;
  private readonly options: KafkaSessionOptions;
  private readonly memory: SourceMemory;
  private readonly sink: RecordSink;
  private readonly outer: AbortSignal;
  private readonly life: AbortSignal;
  private readonly ending = new AbortController();
  private readonly discoverNow = createWake();
  private readonly groupNow = createWake();
  private readonly fetchNow = new Map<number, ReturnType<typeof createWake>>();
  private readonly connections = new Map<number, Promise<KafkaConnection>>();
  private readonly troubles = new Map<string, { readonly topic: string; readonly reason: string }>();
  /** What the sink was told last is unknown at first: it may still have the list of another life. */
  private reported: string | null = null;
  private readers = new Map<string, ReadPartition>();
  private topics: ReadonlyMap<string, Registered> = new Map();
  private discovery: Discovery | null = null;
  private member: GroupMember | null = null;
  private active = 0;
  private fail: (error: unknown) => void = () => undefined;
  private readonly committed = new Map<string, bigint>();

  constructor({ seed, options, memory, sink, outer, life }: KafkaSessionParts) {
    this.seed = seed;
    this.options = options;
    this.memory = memory;
    this.sink = sink;
    this.outer = outer;
    this.life = life;
  }

  async run(onConnected: () => void): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    failed.catch(() => undefined);
    const end = (): void => this.ending.abort();
    this.outer.addEventListener('abort', end, { once: true });
    if (this.outer.aborted) end();
    const running: Promise<unknown>[] = [];
    const keep = (loop: Promise<unknown>): void => {
      running.push(loop.catch((error) => this.ended(error)));
    };
    const over = Promise.race([failed, untilAborted(this.ending.signal)]);
    try {
      await Promise.race([this.discover(), over]);
      if (this.ending.signal.aborted) return;
      onConnected();
      await Promise.race([this.beginFirst(), over]);
      if (this.ending.signal.aborted) return;
      keep(this.discoveryLoop());
      keep(this.groupLoop());
      keep(this.watermarkLoop());
      keep(this.commitLoop());
      await over;
    } catch (error) {
      if (!(error instanceof CalledOffError)) throw error;
    } finally {
      this.outer.removeEventListener('abort', end);
      this.ending.abort();
      await this.letGo(running);
    }
  }

  /** Finishes what is in hand, tells Kafka how far it came, and leaves the group. */
  private async letGo(running: readonly Promise<unknown>[]): Promise<void> {
    const readers = this.readers;
    await within(IN_HAND_MS, this.stopReaders());
    if (this.outer.aborted) await within(LET_GO_MS, this.farewell(readers));
    await within(LET_GO_MS, Promise.all(running));
  }

  private async farewell(readers: ReadonlyMap<string, ReadPartition>): Promise<void> {
    await this.commit(readers);
    await this.member?.leave();
  }

  private ended(error: unknown): void {
    if (!(error instanceof CalledOffError) && !this.ending.signal.aborted) this.fail(error);
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askSink(question, this.ending.signal);
  }

  // Discovery

  private async discoveryLoop(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.discoverNow.sleep(this.options.discoveryIntervalMs, this.ending.signal);
      if (this.ending.signal.aborted) return;
      await this.discover();
      await wait(DISCOVERY_PAUSE_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private async discover(): Promise<void> {
    const discovery = await discoverTopics(this.seed, this.options.choice);
    this.discovery = discovery;
    const registered = await this.ask(() => this.sink.discovered({ kafkaId: discovery.clusterId }, discovery.topics));
    const before = describeTopics(this.topics);
    this.topics = new Map(registered.map((topic) => [topic.topic, topic]));
    await this.reportUnreadable(discovery);
    if (before !== describeTopics(this.topics)) this.groupNow.ring();
    this.startFetching(discovery);
  }

  private async reportUnreadable(discovery: Discovery): Promise<void> {
    for (const [key, { topic }] of this.troubles) if (!this.topics.has(topic)) this.troubles.delete(key);
    const byTopic = new Map(
      [...discovery.unreadable, ...this.troubles.values()].map((item) => [item.topic, item] as const),
    );
    const list = [...byTopic.values()];
    const text = JSON.stringify(list);
    if (text === this.reported) return;
    await this.ask(() => this.sink.unreadable(list));
    this.reported = text;
  }

  /** All partitions by name, in an order that every tap computes alike. */
  private allPartitions(): NamedPartition[] {
    const topics = [...this.topics.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1));
    return topics.flatMap(({ topic, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
    );
  }

  /** At the very first start nothing is stored: every partition there is begins by the start rule, all others at their beginning. */
  private async beginFirst(): Promise<void> {
    if (this.memory.begun) return;
    const partitions = this.allPartitions().flatMap((named) => this.identify(named));
    const positions = await this.ask(() => this.sink.positions(partitions));
    const first = positions.every(({ nextOffset }) => nextOffset === null);
    if (first && this.options.start.kind !== 'beginning') {
      const { start, clock } = this.options;
      const offsets = await startOffsets(partitions, start, clock, this.leaderOf);
      for (const partition of partitions) {
        const offset = offsets.get(partitionKey(partition));
        if (offset !== undefined) await this.ask(() => this.sink.begin(partition, offset));
      }
    }
    this.memory.begun = true;
  }

  private identify({ topic, partition }: NamedPartition): TopicPartition[] {
    const registered = this.topics.get(topic);
    if (registered === undefined || partition >= registered.partitions) return [];
    return [{ incarnationId: registered.incarnationId, topic, partition }];
  }

  // Group

  private async groupLoop(): Promise<void> {
    this.member = await this.findMember();
    while (!this.ending.signal.aborted) {
      await this.stopReaders();
      const shared = this.allPartitions();
      const assignment = await this.member.join(shared);
      const generation = new AbortController();
      const end = (): void => generation.abort();
      this.ending.signal.addEventListener('abort', end, { once: true });
      const assigning = this.assign(assignment.partitions, generation.signal);
      assigning.catch((error) => this.ended(error));
      await this.holdGeneration(assignment.leader, shared, assignment.partitions);
      this.ending.signal.removeEventListener('abort', end);
      generation.abort();
      await assigning.catch(() => undefined);
    }
  }

  /** The coordinator may still be making its own topic when a cluster is new. */
  private async findMember(): Promise<GroupMember> {
    const { groupId, sessionTimeoutMs, access } = this.options;
    const identity = this.memory.member;
    const membership = { groupId, sessionTimeoutMs, rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS, identity };
    for (;;) {
      try {
        return await createGroupMember(this.seed, access, this.life, membership);
      } catch (error) {
        if (!isCoordinatorAway(error) || this.ending.signal.aborted) throw error;
        await wait(RETRY_MS / 4, undefined, { signal: this.ending.signal }).catch(() => undefined);
      }
    }
  }

  /** Beats until the group is to be shared out anew: told by Kafka, or seen by us as its leader. */
  private async holdGeneration(
    leader: boolean,
    shared: readonly NamedPartition[],
    mine: readonly NamedPartition[],
  ): Promise<void> {
    const { signal } = this.ending;
    const sharedText = describePartitions(shared);
    const mineText = this.describeMine(mine);
    for (let nextBeat = performance.now() + HEARTBEAT_MS; !signal.aborted; ) {
      await this.groupNow.sleep(Math.max(0, nextBeat - performance.now()), signal);
      if (signal.aborted) return;
      if (leader && sharedText !== describePartitions(this.allPartitions())) return;
      if (mineText !== this.describeMine(mine)) return;
      if (performance.now() < nextBeat) continue;
      if ((await this.member?.heartbeat()) === 'rejoin') return;
      nextBeat = performance.now() + HEARTBEAT_MS;
    }
  }

  private describeMine(mine: readonly NamedPartition[]): string {
    return JSON.stringify(mine.map((named) => this.identify(named)[0]?.incarnationId ?? null));
  }

  /** Makes a reader for each of our partitions, at its stored position. What has no leader yet is tried again. */
  private async assign(mine: readonly NamedPartition[], signal: AbortSignal): Promise<void> {
    let left = mine.flatMap((named) => this.identify(named));
    while (left.length > 0 && !signal.aborted) {
      const positions = await this.begunPositions(left, signal);
      if (signal.aborted) return;
      left = [];
      for (const { nextOffset, ...partition } of positions) {
        if (nextOffset === null) left.push(partition);
        else this.addReader(partition, nextOffset);
      }
      this.ringFetchers();
      if (left.length > 0) await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * The stored positions, after beginning what was never stored at its low watermark. Asked again after that: another tap
   * may have begun it elsewhere, and only what is stored counts.
   */
  private async begunPositions(partitions: readonly TopicPartition[], signal: AbortSignal) {
    const positions = await askSink(() => this.sink.positions(partitions), signal);
    const unknown = positions.filter(({ nextOffset }) => nextOffset === null);
    if (unknown.length === 0) return positions;
    const lows = await listOffsets(unknown, OFFSET_QUERY.low, this.leaderOf);
    for (const { nextOffset: _, ...partition } of unknown) {
      const low = lows.get(partitionKey(partition));
      if (low !== undefined) await askSink(() => this.sink.begin(partition, low), signal);
    }
    return askSink(() => this.sink.positions(partitions), signal);
  }

  private addReader(partition: TopicPartition, position: bigint): void {
    const reader = createPartitionReader({
      partition,
      position,
      sink: this.sink,
      isCompacted: () => this.isCompacted(partition.topic),
      ...(this.options.decompressedCapBytes === undefined
        ? {}
        : { decompressedCapBytes: this.options.decompressedCapBytes }),
    });
    const topicId = this.topics.get(partition.topic)?.topicId ?? null;
    this.readers.set(partitionKey(partition), { reader, topicId, heldUntil: 0 });
  }

  /** Another tap may be given these partitions: their troubles are its to tell. */
  private async stopReaders(): Promise<void> {
    const stopping = [...this.readers.values()];
    this.readers = new Map();
    this.troubles.clear();
    await Promise.all(stopping.map(({ reader }) => reader.stop()));
  }

  /**
   * A topic whose configuration Kafka does not let us read counts as not compacted: its gaps are shown, not explained away.
   * Rejects when the connection is lost: a gap must not become a hole because the question was not answered.
   */
  private async isCompacted(topic: string): Promise<boolean> {
    const resources = [{ type: TOPIC_RESOURCE, name: topic, configNames: ['cleanup.policy'] }];
    const described = await this.seed.broker.describeConfigs({ resources }).catch((error: unknown) => {
      if (kafkaErrorCode(error) !== null) return null;
      throw error;
    });
    const policy = described?.resources[0]?.configEntries.find(({ configName }) => configName === 'cleanup.policy');
    return policy?.configValue?.includes('compact') ?? false;
  }

  // Fetching

  private readonly leaderOf: LeaderOf = async ({ topic, partition }) => {
    const leader = this.discovery?.leaderOf(topic, partition) ?? null;
    if (leader === null) return null;
    return this.connectTo(leader).catch(() => null);
  };

  private connectTo(nodeId: number): Promise<KafkaConnection> {
    const kept = this.connections.get(nodeId);
    if (kept !== undefined) return kept;
    const address = this.discovery?.brokers.find((broker) => broker.nodeId === nodeId);
    if (address === undefined) return Promise.reject(new UnknownBrokerError(nodeId));
    const connecting = connectKafka(address.host, address.port, this.options.access, this.life);
    this.connections.set(nodeId, connecting);
    connecting.catch(() => {
      if (this.connections.get(nodeId) === connecting) this.connections.delete(nodeId);
    });
    return connecting;
  }

  private startFetching(discovery: Discovery): void {
    for (const { nodeId } of discovery.brokers) {
      if (this.fetchNow.has(nodeId)) continue;
      this.fetchNow.set(nodeId, createWake());
      void this.fetchFrom(nodeId);
    }
  }

  /**
   * Fetches from one broker for as long as the session lasts. Losing the only broker loses the session; of several, one
   * may go: its partitions find another leader.
   */
  private async fetchFrom(nodeId: number): Promise<void> {
    const { signal } = this.ending;
    const wake = this.fetchNow.get(nodeId) ?? createWake();
    while (!signal.aborted) {
      try {
        if (this.partitionsOf(nodeId).length === 0) {
          await wake.sleep(RETRY_MS, signal);
          continue;
        }
        const connection = await this.connectTo(nodeId);
        await runFetchLoop({
          connection,
          partitions: () => this.partitionsOf(nodeId),
          bufferedBytes: () => this.bufferedBytes(),
          wake,
          onFetched: () => this.pump(),
          onStale: () => this.discoverNow.ring(),
          onTrouble: (partition, reason) => this.noteTrouble(partition, reason),
          signal,
        });
      } catch (error) {
        if (signal.aborted) return;
        const lost = this.connections.get(nodeId);
        this.connections.delete(nodeId);
        lost?.then((open) => open.close()).catch(() => undefined);
        if ((this.discovery?.brokers.length ?? 0) <= 1) return this.ended(error);
        const reason = `Broker ${nodeId}, which leads a partition, does not answer (${connectionTrouble(error)}).`;
        for (const { reader } of this.partitionsOf(nodeId)) this.noteTrouble(reader.partition, reason);
        this.discoverNow.ring();
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private partitionsOf(nodeId: number): ReadPartition[] {
    return [...this.readers.values()].filter(
      ({ reader: { partition } }) => this.discovery?.leaderOf(partition.topic, partition.partition) === nodeId,
    );
  }

  private bufferedBytes(): number {
    let sum = 0;
    for (const { reader } of this.readers.values()) sum += reader.bufferedBytes;
    return sum;
  }

  private noteTrouble(partition: NamedPartition, reason: { readonly errorCode: number } | string | null): void {
    const key = partitionKey(partition);
    if (reason === null) {
      this.troubles.delete(key);
      return;
    }
    const text = typeof reason === 'string' ? reason : topicTrouble(reason.errorCode);
    this.troubles.set(key, { topic: partition.topic, reason: text });
  }

  /** Keeps up to three deliveries going; a partition that was served goes to the end of the row. */
  private pump(): void {
    for (const [key, item] of this.readers) {
      if (this.active >= CONCURRENT_DELIVERIES) return;
      if (!item.reader.hasWork) continue;
      this.readers.delete(key);
      this.readers.set(key, item);
      this.active += 1;
      item.reader
        .work()
        .catch((error) => this.ended(error))
        .finally(() => {
          this.active -= 1;
          this.pump();
          this.ringFetchers();
        });
    }
  }

  private ringFetchers(): void {
    for (const wake of this.fetchNow.values()) wake.ring();
  }

  // What Kafka and the sink are told

  private async watermarkLoop(): Promise<void> {
    const told = new Map<string, string>();
    while (!this.ending.signal.aborted) {
      await wait(WATERMARK_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
      const samples = [...this.readers.values()].flatMap(({ reader: { partition, low, high } }) =>
        low === null || high === null ? [] : [{ ...partition, low, high }],
      );
      const changed = samples.filter(({ incarnationId, partition, low, high }) => {
        const key = `${incarnationId}/${partition}`;
        const text = `${low}-${high}`;
        if (told.get(key) === text) return false;
        told.set(key, text);
        return true;
      });
      if (changed.length > 0) await this.ask(() => this.sink.watermarks(changed));
      if (this.discovery !== null) await this.reportUnreadable(this.discovery);
    }
  }

  private async commitLoop(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await wait(COMMIT_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (!this.ending.signal.aborted) await this.commit(this.readers);
    }
  }

  private async commit(readers: ReadonlyMap<string, ReadPartition>): Promise<void> {
    const moved = [...readers].flatMap(([key, { reader }]) =>
      this.committed.get(key) === reader.position ? [] : [{ key, ...reader.partition, offset: reader.position }],
    );
    if (moved.length === 0 || this.member === null) return;
    if (!(await this.member.commit(moved))) return;
    for (const { key, offset } of moved) this.committed.set(key, offset);
  }
}

const TOPIC_RESOURCE = 2;

class UnknownBrokerError extends Error {
  readonly code = 'unknown_broker';
  constructor(nodeId: number) {
    super(`the cluster names broker ${nodeId} as a leader, but not its address`);
  }
}

function describeTopics(topics: ReadonlyMap<string, Registered>): string {
  const items = [...topics.values()].map(({ topic, incarnationId, partitions }) => [topic, incarnationId, partitions]);
  return JSON.stringify(items.sort());
}

function describePartitions(partitions: readonly NamedPartition[]): string {
  return JSON.stringify(partitions.map(({ topic, partition }) => [topic, partition]));
}

const COORDINATOR_AWAY = new Set([14, 15, 16]);

function isCoordinatorAway(error: unknown): boolean {
  return COORDINATOR_AWAY.has(kafkaErrorCode(error) ?? 0);
}

/** Resolves when `done` has ended either way, or after `ms`. */
async function within(ms: number, done: Promise<unknown>): Promise<void> {
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, wait(ms, undefined, { ref: false })]);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
