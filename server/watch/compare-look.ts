import type { ClusterLook, SeenGroup } from '../ports/cluster-watch.ts';
import type { CommittedChange, KnownGroup, WatchedTopic, WatchRound } from '../ports/watch-store.ts';
import { compareMarks } from './compare-marks.ts';
import { type ComparedOffsets, compareOffsets, forgetOffsets } from './compare-offsets.ts';
import { type RoundMemory, within } from './round-memory.ts';
import { watchedPlaces } from './watched-places.ts';

/** Committed offsets that one process watches, some 200 bytes each; groups beyond are failed, with the reason. */
const MAX_OFFSETS = 200_000;

/** A round ready to be written, and what to remember once it is. */
export interface ComparedLook {
  readonly round: WatchRound;
  /** Call it after the round was written, never before: a round that was not written is compared again. */
  remember(): void;
}

/** Compares one look with what is known, and says what is different. */
export function compareLook(memory: RoundMemory, look: ClusterLook, topics: readonly WatchedTopic[]): ComparedLook {
  const places = watchedPlaces(look, topics);
  const marks = compareMarks(memory, places.list, look.endedAt);
  const offsets = new Map<string, ComparedOffsets>();
  const failed = new Map<string, string>();
  let held = [...memory.offsets.values()].reduce((sum, group) => sum + group.size, 0);

  for (const { group, presence, offsets: committed, trouble } of look.groups) {
    if (presence === 'gone') continue;
    if (committed === null) {
      failed.set(group, trouble ?? 'Its offsets could not be read.');
      continue;
    }
    const compared = compareOffsets(memory, group, committed, places, look.beganAt);
    const more = compared.seen.size - (memory.offsets.get(group)?.size ?? 0);
    if (more > 0 && held + more > MAX_OFFSETS) {
      failed.set(group, `More than ${MAX_OFFSETS.toLocaleString('en')} committed offsets: this group is not watched.`);
      continue;
    }
    held += Math.max(0, more);
    offsets.set(group, compared);
  }

  const gone = look.groups.filter(({ presence }) => presence === 'gone').map(({ group }) => group);
  const committed: CommittedChange[] = [...offsets.values()].flatMap(({ changes }) => changes);
  const groups = look.groups.flatMap((seen) => changedGroup(memory, seen, failed.get(seen.group) ?? null));
  return {
    round: {
      ...{ beganAt: look.beganAt, endedAt: look.endedAt, failure: null, requests: look.requests },
      failedGroups: [...failed].map(([group, why]) => ({ group, why })),
      ...{ failedTopics: places.failed, unlisted: look.unlisted },
      groups,
      goneGroups: gone,
      committed: [...committed, ...gone.flatMap((group) => forgetOffsets(memory, group))],
      marks: marks.changes,
      markHistory: marks.history,
      groupCount: look.groups.length - gone.length,
    },
    remember() {
      for (const group of groups) memory.groups.set(group.group, group);
      for (const group of gone) {
        memory.groups.delete(group);
        memory.offsets.delete(group);
      }
      for (const [group, { seen }] of offsets) {
        const known = within(memory.offsets, group, () => new Map());
        for (const [key, offset] of seen) known.set(key, offset);
      }
      for (const [key, mark] of marks.seen) memory.marks.set(key, mark);
      for (const { topic, incarnationId } of places.list)
        within(memory.lives, topic, () => new Set()).add(incarnationId);
      const placesSeen = new Set(places.byKey.keys());
      const allListed = look.unlisted === null;
      memory.last = { beganAt: look.beganAt, failedGroups: new Set(failed.keys()), allListed, places: placesSeen };
      if (failed.size === 0 && places.failed.length === 0 && allListed) memory.cleanAt = look.beganAt;
      forgetFormerLives(memory, topics);
    },
  };
}

/** Facts of a group when they are others than those known. A group nobody could ask about keeps what is known of it. */
function changedGroup(
  memory: RoundMemory,
  { group, facts, presence }: SeenGroup,
  trouble: string | null,
): KnownGroup[] {
  if (presence === 'gone') return [];
  const before = memory.groups.get(group);
  const now = facts ?? before;
  if (now === undefined) return [];
  const known = { ...now, group, trouble };
  return before !== undefined && same(before, known) ? [] : [known];
}

function same(a: KnownGroup, b: KnownGroup): boolean {
  return textOf(a) === textOf(b);
}

function textOf({
  group,
  trouble,
  type,
  protocolType,
  state,
  undescribable,
  memberCount,
  members,
}: KnownGroup): string {
  const who = members.map(({ clientId, host, instanceId }) => [clientId, host, instanceId]);
  return JSON.stringify([group, trouble, type, protocolType, state, undescribable, memberCount, who]);
}

/** Of a topic that was created anew more than once, only its newest two lives are held. */
function forgetFormerLives(memory: RoundMemory, topics: readonly WatchedTopic[]): void {
  for (const { topic } of topics) {
    const lives = [...(memory.lives.get(topic) ?? [])].sort((a, b) => b - a);
    for (const life of lives.slice(2)) {
      memory.lives.get(topic)?.delete(life);
      const isOfLife = (key: string): boolean => key.startsWith(`${life}/`);
      for (const held of memory.offsets.values()) for (const key of held.keys()) if (isOfLife(key)) held.delete(key);
      for (const key of memory.marks.keys()) if (isOfLife(key)) memory.marks.delete(key);
    }
  }
}
