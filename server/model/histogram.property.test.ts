import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToEncoded,
  BUCKETS,
  bucketEnds,
  bucketOf,
  encodeHistogram,
  HistogramSum,
  OVER_BUCKET,
  RELATIVE_BOUND,
  readHistogram,
} from './histogram.ts';

const OVER_US = 2 ** 30 * 1000;
const duration = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: OVER_US }),
  fc.double({ min: 0, max: 30, noNaN: true }).map((power) => Math.round(1000 * 2 ** power)),
  // The very ends of buckets, and a microsecond beside them.
  fc
    .tuple(fc.integer({ min: 0, max: 480 }), fc.integer({ min: -1, max: 1 }))
    .map(([step, off]) => Math.max(0, Math.floor(1000 * 2 ** (step / 16)) + off)),
);

/** Sorted-array oracle over several shapes of latency. */
const DISTRIBUTIONS: Readonly<Record<string, (random: () => number) => number>> = {
  uniform: (random) => random() * 400_000,
  exponential: (random) => -Math.log(1 - random()) * 30_000,
  'log normal': (random) => Math.exp(9 + 2 * gauss(random)),
  pareto: (random) => 900 / (1 - random()) ** 1.2,
  bimodal: (random) => (random() < 0.9 ? 4_000 + random() * 900 : 2_000_000 + random() * 70_000),
  constant: () => 12_345,
  'below a millisecond': (random) => random() * 1_000,
};

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('histograms of durations', () => {
  it('put each duration into the bucket whose ends hold it', () => {
    fc.assert(
      fc.property(duration, (us) => {
        const bucket = bucketOf(us);
        const { fromMs, toMs } = bucketEnds(bucket);
        expect(us / 1000).toBeLessThanOrEqual(toMs);
        if (bucket > 0) expect(us / 1000).toBeGreaterThan(fromMs);
      }),
      { numRuns: 5_000 },
    );
  });

  it('have one bucket for all that is longer than 12.4 days, and none below zero', () => {
    expect(bucketOf(OVER_US)).toBe(OVER_BUCKET - 1);
    expect(bucketOf(OVER_US + 1)).toBe(OVER_BUCKET);
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(OVER_BUCKET);
    expect(() => bucketOf(-1)).toThrow(RangeError);
  });

  it.each(Object.keys(DISTRIBUTIONS))('keep percentiles within the bound they print: %s', (name) => {
    const draw = DISTRIBUTIONS[name] ?? (() => 0);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        fc.boolean(),
        (size, q, stream, maxIsKnown) => {
          const random = () => stream.next().value;
          const sorted = Array.from({ length: size }, () => Math.round(draw(random))).sort((a, b) => a - b);
          const sum = new HistogramSum();
          for (const us of sorted) sum.add(bucketOf(us), 1);
          const exactMs = (sorted[Math.max(1, Math.ceil(q * size)) - 1] ?? 0) / 1000;
          const estimated = sum.percentile(q, maxIsKnown ? (sorted.at(-1) ?? null) : null);
          if (estimated === null) throw new Error('there are durations');
          if (estimated.boundMs === null) {
            expect(exactMs).toBeGreaterThan(2 ** 30);
            return;
          }
          expect(Math.abs(estimated.ms - exactMs)).toBeLessThanOrEqual(estimated.boundMs * (1 + 1e-9));
          if (exactMs > 1)
            expect(Math.abs(estimated.ms - exactMs) / exactMs).toBeLessThanOrEqual(RELATIVE_BOUND * 1.001);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give several percentiles in one pass as one by one, and count anew once cleared', () => {
    fc.assert(
      fc.property(fc.array(duration), fc.array(duration), (gone, durations) => {
        const sum = new HistogramSum();
        for (const us of gone) sum.add(bucketOf(us), 1);
        sum.clear();
        for (const us of durations) sum.add(bucketOf(us), 1);
        const sorted = durations.toSorted((a, b) => a - b);
        const qs = [0, 0.01, 0.5, 0.5, 0.95, 1];
        const oneByOne = qs.map((q) => sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]);
        expect(sum.percentiles(qs).map((each) => each?.bucket)).toEqual(
          oneByOne.map((us) => (us === undefined ? undefined : bucketOf(us))),
        );
      }),
    );
  });

  it('add up from bytes as from counts, in any number of pieces', () => {
    const counted = fc.array(fc.tuple(fc.nat(OVER_BUCKET), fc.oneof(fc.nat(200), fc.nat(1e9))));
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 5 }), (pieces) => {
        const histograms = pieces.map((piece) => new Map(piece));
        const [encoded, summed, counts] = [new HistogramSum(), new HistogramSum(), new HistogramSum()];
        for (const histogram of histograms) {
          const one = new HistogramSum();
          one.addEncoded(encodeHistogram(histogram));
          encoded.addEncoded(encodeHistogram(histogram));
          summed.addSum(one);
          for (const [bucket, count] of histogram) counts.add(bucket, count);
        }
        for (const sum of [encoded, summed]) {
          expect(sum.total).toBe(counts.total);
          for (let bucket = 0; bucket < BUCKETS; bucket += 1) expect(sum.countIn(bucket)).toBe(counts.countIn(bucket));
          expect(sum.percentiles([0.1, 0.5, 1])).toEqual(counts.percentiles([0.1, 0.5, 1]));
        }
      }),
    );
  });

  it('refuse bytes that are no histogram', () => {
    for (const bytes of [[1], [1, 0x80], [0x80], [200, 200], [0xff, 0x7f, 1]])
      expect(() => new HistogramSum().addEncoded(Buffer.from(bytes))).toThrow(RangeError);
  });

  it('say that nothing bounds a percentile beyond the scale', () => {
    const sum = new HistogramSum();
    sum.add(OVER_BUCKET, 1);
    expect(sum.percentile(0.5)).toEqual({ ms: 2 ** 30, boundMs: null, bucket: OVER_BUCKET });
    expect(new HistogramSum().percentile(0.5)).toBe(null);
  });

  const counts = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: BUCKETS - 1 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    { selector: ([bucket]) => bucket },
  );

  it('come back from their bytes', () => {
    fc.assert(
      fc.property(counts, (entries) => {
        const read: [number, number][] = [];
        readHistogram(encodeHistogram(new Map(entries)), (bucket, count) => read.push([bucket, count]));
        expect(read).toEqual(entries.toSorted(([a], [b]) => a - b));
      }),
    );
  });

  it('are added to in bytes as they would be apart, down to nothing and no further', () => {
    const bucket = fc.integer({ min: 0, max: OVER_BUCKET });
    const counts = fc.uniqueArray(fc.tuple(bucket, fc.integer({ min: 1, max: 100_000 })), { selector: ([at]) => at });
    const changes = fc.uniqueArray(fc.tuple(bucket, fc.integer({ min: -3, max: 300 })), { selector: ([at]) => at });
    fc.assert(
      fc.property(counts, changes, fc.boolean(), (before, change, emptying) => {
        const sum = new Map(before);
        const more = new Map([...change, ...(emptying ? before.slice(0, 2).map(([at, n]) => [at, -n] as const) : [])]);
        for (const [at, count] of more) sum.set(at, (sum.get(at) ?? 0) + count);
        const add = () => addToEncoded(encodeHistogram(new Map(before)), more);
        if ([...sum.values()].some((count) => count < 0)) expect(add).toThrow(RangeError);
        else expect(add()).toEqual(encodeHistogram(sum));
      }),
    );
  });

  it('are refused when they are cut or not ours', () => {
    const bytes = encodeHistogram(new Map([[3, 1_000]]));
    expect(() => readHistogram(bytes.subarray(0, -1), () => {})).toThrow(RangeError);
    expect(() => readHistogram(Buffer.from([0xff, 0xff, 0x03, 1]), () => {})).toThrow(RangeError);
    expect(() => encodeHistogram(new Map([[1, -1]]))).toThrow(RangeError);
  });
});
