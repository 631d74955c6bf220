import { describe, expect, it } from 'vitest';
import { lagOf, type PlaceRow, sumLag } from './group-lag.ts';

/** Seconds as microseconds, in text. */
const us = (seconds: number): string => String(seconds * 1e6);
const NOW = 1000e6;

const place = (change: Partial<PlaceRow>): PlaceRow => ({
  ...{ committed: '10', high: '20', passed_high: '20', was_high: '10', passed_us: us(990), was_us: us(980) },
  ...change,
});

describe('lag', () => {
  it('is what lies between committed and end, never less than none', () => {
    expect(lagOf(place({}), NOW)).toMatchObject({ records: 10n });
    expect(lagOf(place({ committed: '20' }), NOW)).toEqual({ records: 0n, seconds: 0, within: 0 });
    expect(lagOf(place({ committed: '25' }), NOW)).toEqual({ records: 0n, seconds: 0, within: 0 });
    expect(lagOf(place({ committed: '9007199254740993', high: '9007199254740995' }), NOW)?.records).toBe(2n);
  });

  it('is not known without a commit or an end', () => {
    expect(lagOf(place({ committed: null }), NOW)).toBe(null);
    expect(lagOf(place({ high: null }), NOW)).toBe(null);
  });

  it('in seconds lies where the end passed the commit, by its share of the records', () => {
    // The first of ten records that came in ten seconds, and the sixth.
    expect(lagOf(place({}), NOW)).toMatchObject({ seconds: 19, within: 9 });
    expect(lagOf(place({ committed: '15' }), NOW)).toMatchObject({ seconds: 14, within: 6 });
  });

  it('in seconds is a least one where the history does not reach back', () => {
    expect(lagOf(place({ was_high: null, was_us: null }), NOW)).toMatchObject({ seconds: 10, within: null });
    expect(lagOf(place({ committed: '5' }), NOW)).toMatchObject({ seconds: 20, within: null });
    expect(lagOf(place({ passed_us: null }), NOW)).toMatchObject({ seconds: null, within: null });
    expect(lagOf(place({}), null)).toMatchObject({ records: 10n, seconds: null });
  });

  it('of many partitions is their sum, and the longest wait', () => {
    const lags = [
      lagOf(place({}), NOW),
      lagOf(place({ committed: '15' }), NOW),
      lagOf(place({ committed: null }), NOW),
    ];
    expect(sumLag(lags)).toEqual({ records: 15n, seconds: 19, within: 9, unknown: 1 });
    expect(sumLag([null])).toEqual({ records: null, seconds: null, within: null, unknown: 1 });
    expect(sumLag([])).toEqual({ records: null, seconds: null, within: null, unknown: 0 });
  });
});
