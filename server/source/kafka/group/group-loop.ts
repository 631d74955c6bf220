import { createWake } from '../../wake.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import { kafkaErrorCode } from '../connection/kafka-error-code.ts';
import { pause } from '../pause.ts';
import type { SessionContext } from '../session-context.ts';
import { type Assignment, createGroupMember, type GroupMember } from './group-member.ts';
import type { NamedPartition } from './kafka-group-protocol.ts';

/** Takes part in the group for as long as the session lasts. */
export interface GroupLoop {
  /** Null until the coordinator was found. */
  readonly member: GroupMember | null;
  /** The topics have changed: what is shared out may have to be shared out anew. */
  ring(): void;
  /** What we were given is not ours, or may not be: joins again. */
  rejoin(): void;
  run(): Promise<void>;
}

/** One share-out of the group, as we take part in it. */
export interface Share {
  /** Kafka's number of it. */
  readonly generation: number;
  /** Aborted once the next one begins. */
  readonly signal: AbortSignal;
  /** Asks the coordinator whether this is still the current one. */
  isCurrent(): Promise<boolean>;
}

/** What the loop does with the partitions it is given. */
export interface GroupWork {
  /** Reads the partitions for as long as the share stands. */
  assign(mine: readonly NamedPartition[], share: Share): Promise<void>;
  /** Resolves once no delivery is in hand; only then the group goes on without us or with us. */
  release(): Promise<void>;
}

/** What was there to share out, as of which version of the topics. */
interface Shared {
  readonly version: number;
  readonly partitions: readonly NamedPartition[];
}

/** Heartbeats per session time-out: with three of four lost on the way the member stays. */
const BEATS_PER_SESSION = 4;
const REBALANCE_TIMEOUT_MS = 15_000;
const RETRY_MS = 250;
/**
 * COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR: a new cluster is still making its own
 * topic.
 */
const COORDINATOR_AWAY = new Set([14, 15, 16]);
const JOIN_ATTEMPTS = 20;

/**
 * Release, join, assign, beat until the group is to be shared out anew, and so on. Heartbeats do not wait for
 * deliveries: with the database away for minutes the member stays. Only a share-out waits, for what is in hand; who
 * waits longer than the group does is left behind, comes back as a new member, and its late delivery is refused by
 * compare-and-set or was first.
 */
export function createGroupLoop(context: SessionContext, topics: TopicMap, work: GroupWork): GroupLoop {
  const { ending, options } = context;
  const heartbeatMs = options.sessionTimeoutMs / BEATS_PER_SESSION;
  const changed = createWake();
  let member: GroupMember | null = null;
  let again = false;

  /** Beats until the group is to be shared out anew: told by Kafka, or seen by us as its leader. */
  async function holdGeneration({ leader, partitions }: Assignment, shared: Shared): Promise<void> {
    const mine = describeMine(topics, partitions);
    let { version } = shared;
    for (let nextBeat = performance.now() + heartbeatMs; !ending.aborted; ) {
      await changed.sleep(Math.max(0, nextBeat - performance.now()), ending);
      if (ending.aborted || again) return;
      if (version !== topics.version) {
        version = topics.version;
        if (leader && describePartitions(shared.partitions) !== describePartitions(topics.all())) return;
        if (mine !== describeMine(topics, partitions)) return;
      }
      if (performance.now() < nextBeat) continue;
      if ((await member?.heartbeat()) === 'rejoin') return;
      nextBeat = performance.now() + heartbeatMs;
    }
  }

  /** Joins; a coordinator that is not ready yet is asked again. One that has moved ends the session, which finds it anew. */
  async function join(shared: readonly NamedPartition[]): Promise<Assignment> {
    member ??= await findMember(context);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await member.join(shared);
      } catch (error) {
        if (!isCoordinatorAway(error) || attempt === JOIN_ATTEMPTS || ending.aborted) throw error;
        await pause(RETRY_MS, ending);
      }
    }
  }

  async function runGeneration(): Promise<void> {
    const shared: Shared = { version: topics.version, partitions: topics.all() };
    const assignment = await join(shared.partitions);
    const generation = new AbortController();
    const end = (): void => generation.abort();
    ending.addEventListener('abort', end, { once: true });
    again = false;
    const assigning = work.assign(assignment.partitions, {
      generation: assignment.generation,
      signal: generation.signal,
      isCurrent: async () => (await member?.heartbeat()) === 'fine',
    });
    assigning.catch((error) => context.failed(error));
    await holdGeneration(assignment, shared);
    ending.removeEventListener('abort', end);
    generation.abort();
    await assigning.catch(() => undefined);
  }

  return {
    get member() {
      return member;
    },
    ring: () => changed.ring(),
    rejoin() {
      again = true;
      changed.ring();
    },
    async run() {
      while (!ending.aborted) {
        await work.release();
        await runGeneration();
      }
    },
  };
}

async function findMember({ seed, life, options, memory, ending }: SessionContext): Promise<GroupMember> {
  const { groupId, sessionTimeoutMs, access } = options;
  const identity = memory.member;
  const membership = { groupId, sessionTimeoutMs, rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS, identity };
  for (;;) {
    try {
      return await createGroupMember(seed, access, life, membership);
    } catch (error) {
      if (!isCoordinatorAway(error) || ending.aborted) throw error;
      await pause(RETRY_MS, ending);
    }
  }
}

function isCoordinatorAway(error: unknown): boolean {
  return COORDINATOR_AWAY.has(kafkaErrorCode(error) ?? 0);
}

function describeMine(topics: TopicMap, mine: readonly NamedPartition[]): string {
  return JSON.stringify(mine.map((named) => topics.identify(named)[0]?.incarnationId ?? null));
}

function describePartitions(partitions: readonly NamedPartition[]): string {
  return JSON.stringify(partitions.map(({ topic, partition }) => [topic, partition]));
}
