import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteRate } from './byte-rate.ts';

const RATE = 1_000_000;

describe('a byte rate', () => {
  it('lets half a second’s worth through at once, and no more', () => {
    const rate = createByteRate(RATE);
    expect(rate.waitMs(0)).toBe(0);
    rate.spend(RATE / 2, 0);
    expect(rate.waitMs(0)).toBeGreaterThan(0);
    expect(rate.waitMs(1)).toBe(0);
  });

  it('waits as long as an answer was too large', () => {
    const rate = createByteRate(RATE);
    rate.spend(RATE * 2.5, 0);
    expect(rate.waitMs(0)).toBeGreaterThanOrEqual(2000);
    expect(rate.waitMs(1999)).toBeGreaterThan(0);
    expect(rate.waitMs(2001)).toBe(0);
  });

  it('saves up nothing beyond its half second, however long it is quiet', () => {
    const rate = createByteRate(RATE);
    expect(rate.waitMs(3_600_000)).toBe(0);
    rate.spend(RATE, 3_600_000);
    expect(rate.waitMs(3_600_000)).toBeGreaterThanOrEqual(500);
  });

  it('asks for no less than is worth a request', () => {
    expect(createByteRate(1000).atOnce).toBe(64 * 1024);
    expect(createByteRate(RATE).atOnce).toBe(RATE / 2);
  });

  it('holds its mean for answers of any size: never more than the rate, one saving and one answer', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 * RATE }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, (answers) => {
        const rate = createByteRate(RATE);
        let nowMs = 0;
        let sum = 0;
        for (const size of answers) {
          nowMs += rate.waitMs(nowMs);
          expect(rate.waitMs(nowMs)).toBe(0);
          rate.spend(size, nowMs);
          sum += size;
          expect(sum).toBeLessThanOrEqual((nowMs / 1000) * RATE + RATE / 2 + size);
        }
      }),
    );
  });
});
