import { expect, test } from 'vitest';
import type { PartitionCoverage } from '@/server/model/wire.ts';
import { topicFamilies, unreadOf } from './topic-families.ts';

const partitionOf = (topic: string, partition = 0, lag: string | null = '0', n = 1): PartitionCoverage => ({
  ...{ topic, n, partition, lag, lag_s: null, stored: [], low: null, high: null, next: '0', last_recorded_at: null },
  ...{ gone: false, holes: [], holes_omitted: 0, damaged: [] },
});

test('topics that differ in ids, environment and version are one family; others stay alone, in their order', () => {
  const families = topicFamilies([
    partitionOf('agent-actions'),
    partitionOf('dev.omniclaude.codegen.status.session_7f3a9c21.v1'),
    partitionOf('dev.omniclaude.codegen.status.session_8b0d1e22.v1', 0),
    partitionOf('dev.omniclaude.codegen.status.session_8b0d1e22.v1', 1),
    partitionOf('quality-assessments'),
    partitionOf('prod.omniclaude.codegen.status.session_7f3a9c21.v2'),
  ]);
  expect(families.map(({ topics, lives }) => [topics, lives.map(({ partitions }) => partitions.length)])).toEqual([
    [1, [1]],
    [3, [1, 2, 1]],
    [1, [1]],
  ]);
});

test('a topic made anew is another life of the same topic', () => {
  const [family] = topicFamilies([partitionOf('orders', 0, '0', 1), partitionOf('orders', 0, '0', 2)]);
  expect([family?.topics, family?.lives.length]).toEqual([1, 2]);
});

test('what a family has left to read is known when it is of each partition', () => {
  const [known] = topicFamilies([partitionOf('a.v1', 0, '9007199254740993'), partitionOf('a.v2', 0, '1')]);
  const [unknown] = topicFamilies([partitionOf('a.v1', 0, '4'), partitionOf('a.v2', 0, null)]);
  if (known === undefined || unknown === undefined) throw new Error('there are families');
  expect([unreadOf(known), unreadOf(unknown)]).toEqual(['9007199254740994', null]);
});
