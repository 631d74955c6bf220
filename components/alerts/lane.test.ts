import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertStateName } from '@/server/model/alert-wire.ts';
import { lane } from './lane.ts';

const HOUR = 3_600_000;
const range = { fromMs: 0, toMs: 10 * HOUR };
const at = (hours: number) => new Date(hours * HOUR).toISOString();
const change = (hours: number, from: AlertStateName, to: AlertStateName, fingerprint = 'a') => ({
  ...{ fingerprint, at: at(hours), from, to },
});
const alert = (state: AlertStateName, hours = 0) => ({ fingerprint: 'a', state, since: at(hours) });

test('an alert is drawn from one change to the next, and the last until now', () => {
  const changes = [
    change(1, 'inactive', 'pending'),
    change(2, 'pending', 'firing'),
    change(5, 'firing', 'no data'),
    change(6, 'no data', 'firing'),
    change(8, 'firing', 'resolved'),
  ];
  const drawn = [
    { x0: 0.1, x1: 0.2, look: 'pending' },
    { x0: 0.2, x1: 0.5, look: 'firing' },
    { x0: 0.5, x1: 0.6, look: 'no data' },
    { x0: 0.6, x1: 0.8, look: 'firing' },
  ];
  expect(lane(alert('resolved', 8), changes, range)).toEqual(drawn);
  expect(lane(alert('resolved', 8), [...changes].reverse(), range)).toEqual(drawn);
});

test('what an alert was when the range began is what its first change left', () => {
  expect(lane(alert('resolved', 3), [change(3, 'firing', 'resolved')], range)).toEqual([
    { x0: 0, x1: 0.3, look: 'firing' },
  ]);
});

test('without a change in the range it is what it is, since then', () => {
  expect(lane(alert('firing', 4), [], range)).toEqual([{ x0: 0.4, x1: 1, look: 'firing' }]);
  expect(lane(alert('firing', -40), [change(1, 'inactive', 'firing', 'other')], range)).toEqual([
    { x0: 0, x1: 1, look: 'firing' },
  ]);
  expect(lane(alert('inactive'), [], range)).toEqual([]);
});

test('whatever the changes are, its parts lie in the range, in order, and never overlap', () => {
  const state = fc.constantFrom<AlertStateName>('inactive', 'pending', 'firing', 'resolved', 'no data', 'error');
  const changes = fc.array(fc.tuple(fc.integer({ min: -5, max: 15 }), state, state), { maxLength: 8 });
  fc.assert(
    fc.property(changes, state, (all, now) => {
      const parts = lane(
        alert(now),
        all.map(([hours, from, to]) => change(hours, from, to)),
        range,
      );
      let last = 0;
      for (const { x0, x1 } of parts) {
        expect(x0).toBeGreaterThanOrEqual(last);
        expect(x1).toBeGreaterThan(x0);
        last = x1;
      }
      expect(last).toBeLessThanOrEqual(1);
    }),
  );
});
