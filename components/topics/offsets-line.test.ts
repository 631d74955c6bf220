import { expect, test } from 'vitest';
import type { PartitionCoverage } from '@/server/model/wire.ts';
import { offsetsLine } from './offsets-line.ts';

const partition: PartitionCoverage = {
  topic: 't',
  n: 1,
  partition: 0,
  stored: [
    { from: '20', to: '50' },
    { from: '60', to: '90' },
  ],
  low: '20',
  high: '100',
  next: '90',
  lag: '10',
  lag_s: 3,
  last_recorded_at: null,
  gone: false,
  holes: [{ from: '50', to: '60', reason: 'retention', noticed_at: '' }],
  holes_omitted: 0,
  damaged: [],
};

test('offsets lie in proportion: deleted, stored, missing, not read', () => {
  const line = offsetsLine(partition, 200);
  expect(line.segments).toEqual([
    { kind: 'deleted', x0: 0, x1: 40 },
    { kind: 'stored', x0: 40, x1: 100 },
    { kind: 'stored', x0: 120, x1: 180 },
    { kind: 'missing', x0: 100, x1: 120 },
    { kind: 'unread', x0: 180, x1: 200 },
  ]);
  expect([line.lowX, line.nextX]).toEqual([40, 180]);
});

test('one missing offset among 2^62 is still seen', () => {
  const huge = String(2n ** 62n);
  const line = offsetsLine(
    {
      ...partition,
      stored: [{ from: '0', to: huge }],
      low: '0',
      high: huge,
      next: huge,
      holes: [{ from: '5', to: '6', reason: 'unknown', noticed_at: '' }],
    },
    200,
  );
  expect(line.segments.find((s) => s.kind === 'missing')).toEqual({ kind: 'missing', x0: 0, x1: 4 });
});

test('an empty partition is an empty line', () => {
  expect(offsetsLine({ ...partition, stored: [], holes: [], low: '0', high: '0', next: '0' }, 200)).toEqual({
    segments: [],
    lowX: 0,
    nextX: 0,
  });
});
