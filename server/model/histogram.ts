/**
 * Exponential histograms of durations, as OpenTelemetry defines them: base 2^(1/16) (scale 4), so bucket i ≥ 0 holds
 * (2^(i/16), 2^((i+1)/16)] ms. Below stands one bucket for all up to 1 ms, above one for all beyond 2^30 ms (12.4 days).
 * Source: https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
const PER_DOUBLING = 16;
/** The bucket of all up to 1 ms. */
const ZERO_BUCKET = 0;
/** The bucket of all beyond the scale: nothing bounds what lies in it. */
export const OVER_BUCKET = 30 * PER_DOUBLING + 1;
/** How many buckets there are. */
export const BUCKETS = OVER_BUCKET + 1;

const BASE = 2 ** (1 / PER_DOUBLING);
/** The middle of a bucket is off by at most this share of any value in it: (b − 1) / (b + 1), 2.17 %. */
export const RELATIVE_BOUND = (BASE - 1) / (BASE + 1);

/** Upper end of each bucket in whole microseconds, the end included. */
const UPPER_US = Float64Array.from({ length: OVER_BUCKET }, (_, bucket) =>
  Math.floor(1000 * 2 ** (bucket / PER_DOUBLING)),
);

/** The bucket of a duration. Negative ones have none: they are clock skew, and the caller's to leave out. */
export function bucketOf(durationUs: number): number {
  if (durationUs < 0) throw new RangeError(`a duration below zero has no bucket: ${durationUs}`);
  if (durationUs <= 1000) return ZERO_BUCKET;
  const near = Math.min(OVER_BUCKET, Math.max(1, Math.ceil(Math.log2(durationUs / 1000) * PER_DOUBLING)));
  // The logarithm may be off by the last bit: the ends decide.
  if (durationUs <= (UPPER_US[near - 1] ?? 0)) return near - 1;
  return durationUs > (UPPER_US[near] ?? Number.POSITIVE_INFINITY) ? near + 1 : near;
}

/** The ends of a bucket in ms, the lower one excluded but for the first; the upper one of the last is infinite. */
export function bucketEnds(bucket: number): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: bucket === ZERO_BUCKET ? 0 : 2 ** ((bucket - 1) / PER_DOUBLING),
    toMs: bucket === OVER_BUCKET ? Number.POSITIVE_INFINITY : 2 ** (bucket / PER_DOUBLING),
  };
}

/** Counts per bucket, sparse: no bucket with 0. */
export type Histogram = ReadonlyMap<number, number>;

/** Durations of many histograms, summed. Most fill a few buckets: only those between the lowest and the highest are gone through. */
export class HistogramSum {
  total = 0;
  readonly #counts = new Float64Array(BUCKETS);
  #lowest = BUCKETS;
  #highest = -1;

  add(bucket: number, count: number): void {
    this.#counts[bucket] = this.countIn(bucket) + count;
    this.total += count;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  /**
   * Adds what `encodeHistogram` wrote. Throws a RangeError for other bytes. An answer adds ten thousand of them: numbers of
   * one byte, as most are, are read in place.
   */
  addEncoded(bytes: Uint8Array): void {
    const counts = this.#counts;
    let at = 0;
    let bucket = -1;
    while (at < bytes.length) {
      const [distance, count] = [bytes[at] ?? 0x80, bytes[at + 1] ?? 0x80];
      if (distance >= 0x80 || count >= 0x80 || bucket + distance >= BUCKETS) {
        readHistogram(bytes.subarray(at), (place, more) => this.add(place, more), bucket);
        return;
      }
      at += 2;
      bucket += distance;
      counts[bucket] = (counts[bucket] ?? 0) + count;
      this.total += count;
      if (bucket < this.#lowest) this.#lowest = bucket;
      if (bucket > this.#highest) this.#highest = bucket;
    }
  }

  addSum(other: HistogramSum): void {
    if (other.#highest < 0) return;
    const [counts, others] = [this.#counts, other.#counts];
    for (let bucket = other.#lowest; bucket <= other.#highest; bucket += 1)
      counts[bucket] = (counts[bucket] ?? 0) + (others[bucket] ?? 0);
    this.total += other.total;
    this.#lowest = Math.min(this.#lowest, other.#lowest);
    this.#highest = Math.max(this.#highest, other.#highest);
  }

  countIn(bucket: number): number {
    return this.#counts[bucket] ?? 0;
  }

  clear(): void {
    this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.total = 0;
    this.#lowest = BUCKETS;
    this.#highest = -1;
  }

  /** The value of nearest rank, ⌈q · n⌉ of n sorted durations; null of none. `maxUs` is the greatest one, if known. */
  percentile(q: number, maxUs: number | null = null): Percentile | null {
    return this.percentiles([q], maxUs)[0] ?? null;
  }

  /** The same for several, in ascending order, in one pass. */
  percentiles(qs: readonly number[], maxUs: number | null = null): (Percentile | null)[] {
    if (this.total === 0) return qs.map(() => null);
    let bucket = this.#lowest;
    let seen = this.countIn(bucket);
    return qs.map((q) => {
      const rank = Math.max(1, Math.ceil(q * this.total));
      while (seen < rank && bucket < this.#highest) {
        bucket += 1;
        seen += this.countIn(bucket);
      }
      return seen < rank ? null : estimate(bucket, maxUs);
    });
  }
}

/** An estimated percentile: the true one lies within `boundMs` of it; null where nothing bounds it. */
export interface Percentile {
  readonly ms: number;
  readonly boundMs: number | null;
  readonly bucket: number;
}

/** The point of a bucket whose greatest relative error to any value in it is least; never more than the greatest value. */
function estimate(bucket: number, maxUs: number | null): Percentile {
  const middle = MIDDLES[bucket] ?? Number.NaN;
  if (bucket === OVER_BUCKET) return { ms: middle, boundMs: null, bucket };
  const ms = maxUs === null ? middle : Math.min(middle, maxUs / 1000);
  return {
    ms,
    boundMs: bucket === ZERO_BUCKET ? 2 * middle : (RELATIVE_BOUND * middle) / (1 - RELATIVE_BOUND),
    bucket,
  };
}

/** Of each bucket in ms; of the last its begin. */
const MIDDLES = Float64Array.from({ length: BUCKETS }, (_, bucket) => {
  const { fromMs, toMs } = bucketEnds(bucket);
  if (bucket === OVER_BUCKET) return fromMs;
  return bucket === ZERO_BUCKET ? toMs / 2 : (2 * fromMs * toMs) / (fromMs + toMs);
});

/**
 * A histogram as bytes: per bucket, in order, the distance from the one before (the first from −1) and the count, both as
 * LEB128. Buckets with 0 are left out. Throws a RangeError for a negative count: a sum can have none.
 */
export function encodeHistogram(histogram: Histogram): Buffer {
  const bytes: number[] = [];
  let before = -1;
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    const count = histogram.get(bucket) ?? 0;
    if (count < 0) throw new RangeError(`bucket ${bucket} has ${count} durations`);
    if (count === 0) continue;
    writeVarint(bytes, bucket - before);
    writeVarint(bytes, count);
    before = bucket;
  }
  return Buffer.from(bytes);
}

/**
 * What `encodeHistogram` writes of the sum of a histogram, as it wrote it, and of what is added to it, also below zero.
 * Throws a RangeError for other bytes, and where fewer than none are left. A settle adds a few durations to each of a
 * thousand histograms, most of them of many buckets: none of these becomes a map on the way.
 */
export function addToEncoded(bytes: Uint8Array, more: Histogram): Buffer {
  const added = [...more].sort(([a], [b]) => a - b);
  const sum: number[] = [];
  let before = -1;
  let next = 0;
  const write = (bucket: number, count: number): void => {
    if (count < 0) throw new RangeError(`bucket ${bucket} has ${count} durations`);
    if (count === 0) return;
    writeVarint(sum, bucket - before);
    writeVarint(sum, count);
    before = bucket;
  };
  const writeBelow = (bucket: number): void => {
    for (let one = added[next]; one !== undefined && one[0] < bucket; one = added[next]) {
      write(...one);
      next += 1;
    }
  };
  readHistogram(bytes, (bucket, count) => {
    writeBelow(bucket);
    const here = added[next];
    if (here?.[0] === bucket) next += 1;
    write(bucket, here?.[0] === bucket ? count + here[1] : count);
  });
  writeBelow(BUCKETS);
  return Buffer.from(sum);
}

/**
 * Calls `each` for every bucket that `encodeHistogram` wrote; `before`: the bucket before the first of these bytes. Throws
 * a RangeError for other bytes.
 */
export function readHistogram(bytes: Uint8Array, each: (bucket: number, count: number) => void, before = -1): void {
  let at = 0;
  let bucket = before;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at];
      if (byte === undefined || factor > 2 ** 49) throw new RangeError('a histogram ends in the middle of a number');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    bucket += varint();
    if (bucket >= BUCKETS) throw new RangeError(`a histogram has no bucket ${bucket}`);
    each(bucket, varint());
  }
}

function writeVarint(bytes: number[], value: number): void {
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
}
