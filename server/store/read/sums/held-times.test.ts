import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldTimes } from './held-times.ts';

const held = (...us: number[]) => {
  const times = new HeldTimes(1000);
  times.add(us.map((each, at) => ({ us: each, traceKey: `${at}` })));
  return times;
};

describe('times that are held', () => {
  it('answer the one that is least off by factor, and none that is a quarter off', () => {
    expect(held(10_000, 12_000, 90_000).nearestTo(11.5)).toEqual({ us: 12_000, traceKey: '1' });
    expect(held(10_000).nearestTo(12.6)).toBeNull();
    expect(held().nearestTo(1)).toBeNull();
  });

  it('find what a look through all of them finds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000_000 })), fc.double({ min: 0, max: 3_000 }), (us, ms) => {
        const off = (one: number) => {
          const [a, b] = [Math.max(one / 1000, 0.5), Math.max(ms, 0.5)];
          return Math.max(a / b, b / a);
        };
        const best = Math.min(Number.POSITIVE_INFINITY, ...us.map(off));
        const found = held(...us).nearestTo(ms);
        if (best > 1.25 + 1e-9) expect(found).toBeNull();
        else if (best < 1.25 - 1e-9) expect(off(found?.us ?? -1)).toBeCloseTo(best, 9);
      }),
    );
  });

  it('are no more than the limit, and a copy is one of its own', () => {
    const few = new HeldTimes(2);
    few.add([1, 2, 3].map((us) => ({ us: us * 1e6, traceKey: `${us}` })));
    expect(few.isFull).toBe(true);
    expect(few.nearestTo(3000)).toBeNull();
    const first = held(1_000_000);
    const copy = new HeldTimes(2, first);
    copy.add([{ us: 2_000_000, traceKey: 'later' }]);
    expect([first.nearestTo(2000), copy.nearestTo(2000)?.traceKey]).toEqual([null, 'later']);
  });
});
