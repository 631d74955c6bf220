import type { Clock } from '../ports/clock.ts';
import { ClusterAwayError, type ClusterLook, type ClusterWatch } from '../ports/cluster-watch.ts';
import type { Leading } from '../ports/leading.ts';
import type { WatchRound, WatchStore } from '../ports/watch-store.ts';
import { compareLook } from './compare-look.ts';
import { type RoundMemory, toRoundMemory } from './round-memory.ts';
import { roundPause } from './round-pause.ts';

/** What watch is built from. */
export interface WatchDeps {
  readonly cluster: ClusterWatch;
  readonly store: WatchStore;
  readonly clock: Clock;
  /** Hears of each round that the database did not take; it is looked at anew. */
  onFailure(error: unknown): void;
  onWorked(): void;
}

/** The brokers are those of another cluster than before. */
class OtherClusterError extends Error {
  readonly code = 'other_cluster';
}

/** A process that does not lead asks this often whether it may. */
const FOLLOW_MS = 3_000;
/** Configurations seldom change: they are looked at this often. */
const CONFIGS_MS = 60_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

/**
 * Watches one cluster: the leader among the taps looks, compares and writes, the others wait for its place. What a
 * round found is remembered only once it is written. A cluster that is away is a round that says so.
 */
export function createWatch({ cluster, store, clock, onFailure, onWorked }: WatchDeps): Leading {
  let memory: RoundMemory | null = null;
  let clusterId: string | null = null;
  let configsAt: number | null = null;

  /** Answers how long to rest. */
  const next = async (stopping: AbortSignal): Promise<number> => {
    clusterId ??= await cluster.identify();
    if (memory === null) {
      const state = await store.acquire(clusterId);
      if (state === null) {
        cluster.close();
        return FOLLOW_MS;
      }
      memory = toRoundMemory(state);
    }
    return round(memory, stopping);
  };

  const round = async (held: RoundMemory, stopping: AbortSignal): Promise<number> => {
    const began = clock.now();
    const topics = await store.topics();
    const groups = [...held.groups.values()].map(({ group, type }) => ({ group, type }));
    let look: ClusterLook;
    try {
      look = await cluster.look({ groups, topics: new Set(topics.map(({ topic }) => topic)) });
    } catch (error) {
      if (!(error instanceof ClusterAwayError) || stopping.aborted) throw error;
      await store.write(failedRound(began, clock.now(), error.message, held.groups.size));
      held.last = null;
      return roundPause(clock.now() - began, 0);
    }
    if (look.clusterId !== clusterId) throw new OtherClusterError(`these brokers were of ${clusterId} before`);
    const compared = compareLook(held, look, topics);
    await store.write(compared.round);
    compared.remember();
    if (configsAt === null || clock.now() - configsAt >= CONFIGS_MS) {
      await store.writeConfigs(await cluster.configs(topics.map(({ topic }) => topic)));
      configsAt = clock.now();
    }
    return roundPause(clock.now() - began, compared.round.committed.length);
  };

  return {
    retryMs: RETRY_MS,
    async step(stopping) {
      const restMs = await next(stopping);
      onWorked();
      return restMs;
    },
    failed(error, stopping) {
      // Whether the last write was taken is not known: what is stored is read again.
      memory = null;
      clusterId = null;
      configsAt = null;
      if (!(error instanceof ClusterAwayError) && !stopping.aborted) onFailure(error);
    },
    interrupt: () => cluster.close(),
    release: () => store.release(),
  };
}

function failedRound(
  beganAt: WatchRound['beganAt'],
  endedAt: WatchRound['endedAt'],
  failure: string,
  groupCount: number,
): WatchRound {
  const nothing = { failedGroups: [], failedTopics: [], groups: [], goneGroups: [], committed: [], marks: [] };
  return { beganAt, endedAt, failure, ...nothing, markHistory: [], groupCount, requests: 0 };
}
