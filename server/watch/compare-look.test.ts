import { describe, expect, it } from 'vitest';
import type { GroupFacts } from '../model/consumer-group.ts';
import { type Millis, millis } from '../model/time.ts';
import type { ClusterLook, SeenGroup, SeenTopic } from '../ports/cluster-watch.ts';
import type { WatchedTopic, WatchRound } from '../ports/watch-store.ts';
import { compareLook } from './compare-look.ts';
import { type RoundMemory, toRoundMemory } from './round-memory.ts';

const FACTS: GroupFacts = {
  ...{ type: 'classic', protocolType: 'consumer', state: 'Stable', undescribable: null },
  ...{ memberCount: 0, members: [] },
};
const ORDERS: WatchedTopic = { incarnationId: 1, topic: 'orders', topicId: 'a' };

/** `ends` of the partitions of topic orders, and what each group committed there; null: could not be read. */
interface Sketch {
  readonly ends?: readonly bigint[];
  readonly topicId?: string;
  readonly trouble?: string;
  readonly unlisted?: string;
  readonly groups?: Readonly<Record<string, Readonly<Record<number, bigint>> | null | 'gone'>>;
}

function lookOf(at: number, { ends = [100n], topicId = 'a', trouble, unlisted, groups = {} }: Sketch): ClusterLook {
  const partitions = ends.map((high, partition) => ({ partition, low: 0n, high }));
  const topics: SeenTopic[] = [{ topic: 'orders', topicId, partitions, trouble: trouble ?? null }];
  return {
    ...{ clusterId: 'c', beganAt: millis(at), endedAt: millis(at + 10), topics, requests: 4 },
    unlisted: unlisted ?? null,
    groups: Object.entries(groups).map(([group, offsets]): SeenGroup => {
      if (offsets === 'gone') return { group, presence: 'gone', facts: null, offsets: null, trouble: null };
      if (offsets === null) return { group, presence: 'unsure', facts: null, offsets: null, trouble: 'Loading.' };
      const list = Object.entries(offsets).map(([index, offset]) => ({
        ...{ topic: 'orders', partition: Number(index), offset },
      }));
      return { group, presence: 'here', facts: FACTS, offsets: list, trouble: null };
    }),
  };
}

function newMemory(): RoundMemory {
  return toRoundMemory({ groups: [], offsets: [], marks: [], cleanAt: null });
}

function rounds(memory: RoundMemory, topics: readonly WatchedTopic[], ...sketches: Sketch[]): WatchRound[] {
  return sketches.map((sketch, index) => {
    const compared = compareLook(memory, lookOf(1000 * (index + 1), sketch), topics);
    compared.remember();
    return compared.round;
  });
}

const changesOf = ({ committed }: WatchRound) =>
  committed.map(({ group, partition, was, offset, afterAt }) => [group, partition, was, offset, afterAt]);

describe('committed offsets', () => {
  it('are told when they change, between the last look that saw the former one and this one', () => {
    const found = rounds(
      newMemory(),
      [ORDERS],
      ...[{ g: { 0: 5n } }, { g: { 0: 5n } }, { g: { 0: 9n } }, { g: { 0: 3n } }].map((groups) => ({ groups })),
    );
    expect(found.map(changesOf)).toEqual([
      [['g', 0, null, 5n, null]],
      [],
      [['g', 0, 5n, 9n, 2000]],
      // set back: a change as any other
      [['g', 0, 9n, 3n, 3000]],
    ]);
  });

  it('of a group that could not be read are not taken for none, and the look does not count', () => {
    const found = rounds(
      newMemory(),
      [ORDERS],
      ...[{ g: { 0: 5n } }, { g: null }, { g: null }, { g: { 0: 6n } }].map((groups) => ({ groups })),
    );
    expect(found.map(changesOf)).toEqual([[['g', 0, null, 5n, null]], [], [], [['g', 0, 5n, 6n, 1000]]]);
    expect(found[1]?.failedGroups).toEqual([{ group: 'g', why: 'Loading.' }]);
    expect(found[1]?.groups).toMatchObject([{ group: 'g', state: 'Stable', trouble: 'Loading.' }]);
    expect(found[2]?.groups).toEqual([]);
    expect(found[3]?.groups).toMatchObject([{ group: 'g', trouble: null }]);
  });

  it('of a new group begin after the last look that had none', () => {
    const found = rounds(newMemory(), [ORDERS], {}, { groups: { g: { 0: 5n } } });
    expect(found.map(changesOf)).toEqual([[], [['g', 0, null, 5n, 1000]]]);
  });

  it('of a new group begin after the last look in which every broker listed its groups', () => {
    const unlisted = 'Broker 2 does not answer.';
    const found = rounds(
      newMemory(),
      [ORDERS],
      { groups: { known: {} } },
      { groups: { known: {} } },
      { groups: { known: {} }, unlisted },
      { groups: { known: { 0: 4n }, g: { 0: 5n } } },
    );
    expect(found.map(changesOf)).toEqual([
      [],
      [],
      [],
      [
        ['known', 0, null, 4n, 3000],
        ['g', 0, null, 5n, 2000],
      ],
    ]);
    expect(found.map((round) => round.unlisted)).toEqual([null, null, unlisted, null]);
  });

  it('on a topic that was not looked at before begin nobody knows when', () => {
    const memory = newMemory();
    rounds(memory, [], {}, {});
    const { round } = compareLook(memory, lookOf(9000, { groups: { g: { 0: 5n } } }), [ORDERS]);
    expect(changesOf(round)).toEqual([['g', 0, null, 5n, null]]);
  });

  it('that are deleted, or whose group is, become none', () => {
    const found = rounds(
      newMemory(),
      [ORDERS],
      { ends: [9n, 9n], groups: { g: { 0: 5n, 1: 6n } } },
      { ends: [9n, 9n], groups: { g: { 1: 6n } } },
      { ends: [9n, 9n], groups: { g: 'gone' } },
      { ends: [9n, 9n], groups: { g: { 0: 1n } } },
    );
    expect(found.map(changesOf)).toEqual([
      [
        ['g', 0, null, 5n, null],
        ['g', 1, null, 6n, null],
      ],
      [['g', 0, 5n, null, 1000]],
      [['g', 1, 6n, null, 2000]],
      [['g', 0, null, 1n, 3000]],
    ]);
    expect(found[2]?.goneGroups).toEqual(['g']);
    expect(found[3]?.groups).toHaveLength(1);
  });

  it('of a partition without a leader stay as they were', () => {
    const found = rounds(
      newMemory(),
      [ORDERS],
      { ends: [9n], groups: { g: { 0: 5n } } },
      { ends: [], trouble: 'No broker leads it.', groups: { g: {} } },
      { ends: [9n], groups: { g: { 0: 7n } } },
    );
    expect(found.map(changesOf)).toEqual([[['g', 0, null, 5n, null]], [], [['g', 0, 5n, 7n, 1000]]]);
    expect(found[1]?.failedTopics).toEqual([{ incarnationId: 1, why: 'No broker leads it.' }]);
  });
});

describe('a topic that was created anew', () => {
  const again: WatchedTopic = { incarnationId: 2, topic: 'orders', topicId: 'b' };

  it('is not looked at before its new life is registered', () => {
    const memory = newMemory();
    rounds(memory, [ORDERS], { groups: { g: { 0: 90n } } });
    const { round } = compareLook(memory, lookOf(2000, { topicId: 'b', groups: { g: { 0: 1n } } }), [ORDERS]);
    expect(changesOf(round)).toEqual([]);
    expect(round.failedTopics).toEqual([{ incarnationId: 1, why: 'The topic was created anew.' }]);
  });

  it('does not inherit a commit beyond its end, nor one that equals the former until it moves', () => {
    for (const end of [10n, 200n]) {
      const memory = newMemory();
      rounds(memory, [ORDERS], { groups: { g: { 0: 90n } } });
      const anew = (at: number, offset: bigint, high: bigint) => {
        const look = lookOf(at, { topicId: 'b', ends: [high], groups: { g: { 0: offset } } });
        const compared = compareLook(memory, look, [again]);
        compared.remember();
        return compared.round.committed.map(({ offset: to, foreign, afterAt }) => [to, foreign, afterAt]);
      };
      expect(anew(2000, 90n, end)).toEqual([[null, 90n, null]]);
      // The log has grown past it: it still is not of this life.
      expect(anew(3000, 90n, 300n)).toEqual([]);
      expect(anew(4000, 91n, 300n)).toEqual([[91n, null, 3000]]);
    }
  });
});

describe('watermarks', () => {
  it('are current at each move, and in the history at least ten seconds apart', () => {
    const memory = newMemory();
    const at = (time: number, end: bigint) => {
      const compared = compareLook(memory, lookOf(time, { ends: [end] }), [ORDERS]);
      compared.remember();
      const { marks, markHistory } = compared.round;
      return [
        marks.map(({ high }) => high),
        markHistory.map(({ high, wasHigh, at: when, wasAt }) => [wasHigh, high, wasAt, when]),
      ];
    };
    expect(at(1_000, 5n)).toEqual([[5n], [[null, 5n, null, 1_010]]]);
    expect(at(3_000, 5n)).toEqual([[], []]);
    expect(at(5_000, 7n)).toEqual([[7n], []]);
    expect(at(7_000, 7n)).toEqual([[], []]);
    // It passed 5 between the last look that saw 5 and the first that saw 7.
    expect(at(11_100, 7n)).toEqual([[], [[5n, 7n, 3_010, 5_010]]]);
  });
});

describe('a new leader', () => {
  it('goes on from what is stored', () => {
    const goodAt: Millis = millis(500);
    const memory = toRoundMemory({
      groups: [{ ...FACTS, group: 'g', trouble: null }],
      offsets: [{ group: 'g', incarnationId: 1, topic: 'orders', partition: 0, committed: 5n, foreign: null, goodAt }],
      marks: [{ incarnationId: 1, partition: 0, low: 0n, high: 100n, at: millis(100) }],
      cleanAt: millis(400),
    });
    const [same, moved] = rounds(
      memory,
      [ORDERS],
      { groups: { g: { 0: 5n } } },
      { groups: { g: { 0: 6n }, fresh: { 0: 1n } } },
    );
    expect(same).toMatchObject({ committed: [], groups: [], marks: [], markHistory: [] });
    expect(moved && changesOf(moved)).toEqual([
      ['g', 0, 5n, 6n, 1000],
      ['fresh', 0, null, 1n, 1000],
    ]);
  });
});
