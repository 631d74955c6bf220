import type { Millis } from '../model/time.ts';
import type { CommittedOffset } from '../ports/cluster-watch.ts';
import type { CommittedChange } from '../ports/watch-store.ts';
import { type OffsetMemory, placeKey, type RoundMemory } from './round-memory.ts';
import type { WatchedPlace, WatchedPlaces } from './watched-places.ts';

/** What a group's offsets are now, and which of them are others than before. */
export interface ComparedOffsets {
  readonly changes: readonly CommittedChange[];
  /** Replaces what is held of the places that were seen. */
  readonly seen: ReadonlyMap<string, OffsetMemory>;
}

type Value = Pick<OffsetMemory, 'committed' | 'foreign'>;

const NONE: Value = { committed: null, foreign: null };

/**
 * Compares what a group has committed with what is held of it. A partition that was looked at and has no commit any
 * more is a change to none; one that was not looked at is left as it was.
 */
export function compareOffsets(
  memory: RoundMemory,
  group: string,
  offsets: readonly CommittedOffset[],
  places: WatchedPlaces,
  beganAt: Millis,
): ComparedOffsets {
  const held = memory.offsets.get(group);
  const changes: CommittedChange[] = [];
  const seen = new Map<string, OffsetMemory>();

  const compare = (place: WatchedPlace, now: Value): void => {
    const before = held?.get(place.key);
    seen.set(place.key, { ...now, goodAt: beganAt });
    const was = before ?? NONE;
    if (was.committed === now.committed && was.foreign === now.foreign) return;
    const afterAt = before === undefined ? lastWithout(memory, group, place.key) : before.goodAt;
    const { incarnationId, partition } = place;
    changes.push({
      ...{ group, incarnationId, partition, was: was.committed },
      ...{ offset: now.committed, foreign: now.foreign, afterAt },
    });
  };

  for (const { topic, partition, offset } of offsets) {
    const place = places.find(topic, partition);
    if (place !== undefined) compare(place, offsetAt(memory, group, place, offset));
  }
  for (const key of held?.keys() ?? []) {
    const place = places.byKey.get(key);
    if (place !== undefined && !seen.has(key)) compare(place, NONE);
  }
  return { changes, seen };
}

/** A group that is gone has no commit any more, wherever it had one. */
export function forgetOffsets(memory: RoundMemory, group: string): readonly CommittedChange[] {
  return [...(memory.offsets.get(group) ?? [])].flatMap(([key, { committed, foreign, goodAt }]) => {
    if (committed === null && foreign === null) return [];
    const [incarnationId = 0, partition = 0] = key.split('/').map(Number);
    return [{ group, incarnationId, partition, was: committed, offset: null, foreign: null, afterAt: goodAt }];
  });
}

/**
 * Kafka keeps commits by topic name, and takes those of a deleted topic away some time later. Ends are read after the
 * commits, so an offset beyond the end belongs to a former life of the topic (or to a log that lost its end), and so
 * does one that the group had in the former life and has not moved since. It counts as none until it moves.
 */
function offsetAt(memory: RoundMemory, group: string, place: WatchedPlace, offset: bigint): Value {
  const held = memory.offsets.get(group);
  const before = held?.get(place.key);
  if (offset > place.high || before?.foreign === offset) return { committed: null, foreign: offset };
  if (before === undefined && isLeftOver(memory, held, place, offset)) return { committed: null, foreign: offset };
  return { committed: offset, foreign: null };
}

function isLeftOver(
  { lives }: RoundMemory,
  held: ReadonlyMap<string, OffsetMemory> | undefined,
  { topic, incarnationId, partition }: WatchedPlace,
  offset: bigint,
): boolean {
  return [...(lives.get(topic) ?? [])].some(
    (life) => life !== incarnationId && held?.get(placeKey(life, partition))?.committed === offset,
  );
}

/**
 * When a place on which the group had no commit was last looked at; null when it is not known to have been. A group that
 * is new may have been there before, where a broker did not list its groups.
 */
function lastWithout({ groups, last, cleanAt, marks }: RoundMemory, group: string, key: string): Millis | null {
  const wasRead = last !== null && !last.failedGroups.has(group) && (last.allListed || groups.has(group));
  if (wasRead && last.places.has(key)) return last.beganAt;
  const since = marks.get(key)?.since;
  return cleanAt !== null && since !== undefined && since <= cleanAt ? cleanAt : null;
}
