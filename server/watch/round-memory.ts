import type { Millis } from '../model/time.ts';
import type { KnownGroup, WatchState } from '../ports/watch-store.ts';

/** What a group has committed on one partition, as last seen. */
export interface OffsetMemory {
  readonly committed: bigint | null;
  /** See `KnownOffset.foreign`. */
  readonly foreign: bigint | null;
  readonly goodAt: Millis | null;
}

/** A partition's watermarks: as last seen, and as they last went into the history. */
export interface MarkMemory {
  readonly low: bigint;
  readonly high: bigint;
  /** When these were first seen. */
  readonly movedAt: Millis;
  readonly storedLow: bigint;
  readonly storedHigh: bigint;
  readonly storedAt: Millis;
  /** When the high watermark was last seen to be `storedHigh`. */
  readonly equalAt: Millis;
  /** Since when the partition is looked at, as far as this process knows. */
  readonly since: Millis;
}

/** What the round before read. */
export interface LastRound {
  readonly beganAt: Millis;
  readonly failedGroups: ReadonlySet<string>;
  /** Every broker listed its groups: there were no others. */
  readonly allListed: boolean;
  readonly places: ReadonlySet<string>;
}

/** What the leader holds between rounds: at most `MAX_OFFSETS` offsets, and the partitions of the cluster. */
export interface RoundMemory {
  readonly groups: Map<string, KnownGroup>;
  /** By group, then by `placeKey`. */
  readonly offsets: Map<string, Map<string, OffsetMemory>>;
  /** By `placeKey`. */
  readonly marks: Map<string, MarkMemory>;
  /** Incarnations that offsets are held of, by topic. */
  readonly lives: Map<string, Set<number>>;
  /** Begin of the last round that read everything. */
  cleanAt: Millis | null;
  last: LastRound | null;
}

/** A partition of one life of a topic as a map key. */
export function placeKey(incarnationId: number, partition: number): string {
  return `${incarnationId}/${partition}`;
}

/** The memory of a process that has just become the leader. */
export function toRoundMemory(state: WatchState): RoundMemory {
  const memory: RoundMemory = {
    groups: new Map(state.groups.map((group) => [group.group, group])),
    offsets: new Map(),
    marks: new Map(),
    lives: new Map(),
    cleanAt: state.cleanAt,
    last: null,
  };
  for (const { group, incarnationId, topic, partition, ...offset } of state.offsets) {
    const { committed, foreign, goodAt } = offset;
    within(memory.offsets, group, newMap).set(placeKey(incarnationId, partition), { committed, foreign, goodAt });
    within(memory.lives, topic, () => new Set<number>()).add(incarnationId);
  }
  for (const { incarnationId, partition, low, high, at } of state.marks) {
    const stored = { storedLow: low, storedHigh: high, storedAt: at, equalAt: at };
    memory.marks.set(placeKey(incarnationId, partition), { low, high, movedAt: at, ...stored, since: at });
  }
  return memory;
}

/** The value under `key`, made when there is none. */
export function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = make();
  map.set(key, made);
  return made;
}

function newMap(): Map<string, OffsetMemory> {
  return new Map();
}
