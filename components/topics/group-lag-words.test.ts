import { expect, test } from 'vitest';
import type { ConsumerGroup, GroupTopic } from '@/server/model/consumer-group-wire.ts';
import { groupState, groupsOfTopic, lagRecords, lagTime, lagWithin, worstFirst } from './group-lag-words.ts';

const topicOf = (lag: string | null, lag_s: number | null): GroupTopic => ({
  ...{ topic: 'orders', n: 1, lag, lag_s, lag_s_within: 1, partition_count: 1, unknown_count: 0 },
});

const groupOf = (group: string, lag: string | null, lag_s: number | null, own = false): ConsumerGroup => ({
  ...{ group, own, type: 'classic', protocol_type: 'consumer', state: 'Stable', undescribable: null, trouble: null },
  ...{ member_count: 1, members: [], first_seen_at: '', lag, lag_s, lag_s_within: 1, topics: [topicOf(lag, lag_s)] },
});

test('lag is written with what it rests on', () => {
  expect([lagRecords({ lag: null }), lagRecords({ lag: '12345678901234567890' })]).toEqual([
    '–',
    '12,345,678,901,234,567,890',
  ]);
  expect(lagTime({ lag_s: 0, lag_s_within: 0 })).toBe('0 s');
  expect(lagTime({ lag_s: 372, lag_s_within: 1 })).toBe('6 min 12 s');
  expect(lagTime({ lag_s: 372, lag_s_within: null })).toBe('≥ 6 min 12 s');
  expect(lagTime({ lag_s: null, lag_s_within: null })).toBe('–');
  expect(lagWithin({ lag_s: 4, lag_s_within: 2 })).toBe('Known to within 2.00 s.');
  expect(lagWithin({ lag_s: 4, lag_s_within: null })).toMatch(/before anybody looked/);
  expect(lagWithin({ lag_s: 0, lag_s_within: 0 })).toBe(undefined);
});

test('a group is never called dead, and one without members that leaves records unread stands still', () => {
  expect(groupState({ state: null, lag: '5' })).toEqual({ mark: 'unknown', word: 'Not describable' });
  expect(groupState({ state: 'Empty', lag: '5' })).toEqual({ mark: 'stalled', word: 'No member' });
  expect(groupState({ state: 'Empty', lag: '0' }).mark).toBe('running');
  expect(groupState({ state: 'Reconciling', lag: '0' }).word).toBe('Rebalancing');
  expect(groupState({ state: 'Stable', lag: '0' })).toEqual({ mark: 'flowing', word: 'Stable' });
});

test('the worst comes first, the tap itself last', () => {
  const groups = [
    groupOf('own', '99', 99, true),
    groupOf('none', null, null),
    groupOf('many', '9007199254740995', 1),
    groupOf('more', '9007199254740996', 1),
    groupOf('long', '1', 50),
  ];
  expect(worstFirst(groups).map(({ group }) => group)).toEqual(['long', 'more', 'many', 'none', 'own']);
  expect(groupsOfTopic(groups, 'orders', 1).map(({ group }) => group.group)).toEqual(['long', 'more', 'many', 'none']);
  expect(groupsOfTopic(groups, 'orders', 2)).toEqual([]);
});
