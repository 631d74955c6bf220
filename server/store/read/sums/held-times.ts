import type { Holder } from '../../sum-row.ts';

/** A time this far from what is looked for, by factor, is not near it. */
const NEAR = 1.25;
/** Times below are alike. */
const LEAST_MS = 0.5;

/**
 * Times of traces that sums remember, up to a limit. Times and keys lie apart, numbers beside numbers: a table of latencies
 * looks through a hundred thousand of them, and as objects they took half of the answer's time.
 */
export class HeldTimes {
  readonly #most: number;
  readonly #us: number[];
  readonly #traceKeys: string[];

  /** @param from times to begin with: they are copied. */
  constructor(most: number, from: HeldTimes | null = null) {
    this.#most = most;
    this.#us = from === null ? [] : from.#us.slice();
    this.#traceKeys = from === null ? [] : from.#traceKeys.slice();
  }

  get isFull(): boolean {
    return this.#us.length >= this.#most;
  }

  /** Those beyond the limit are not kept. */
  add(holders: readonly Holder[]): void {
    for (const { us, traceKey } of holders) {
      if (this.isFull) return;
      this.#us.push(us);
      this.#traceKeys.push(traceKey);
    }
  }

  /** The time that is least off from `ms` by factor; null when all are too far. Of equal ones the last. */
  nearestTo(ms: number): Holder | null {
    const wanted = Math.max(ms, LEAST_MS) * 1000;
    const times = this.#us;
    let nearest = -1;
    let least = NEAR;
    for (let at = 0; at < times.length; at += 1) {
      const us = times[at] ?? 0;
      const factor = Math.max(us, LEAST_MS * 1000) / wanted;
      const off = factor < 1 ? 1 / factor : factor;
      if (off > least) continue;
      least = off;
      nearest = at;
    }
    const [us, traceKey] = [times[nearest], this.#traceKeys[nearest]];
    return us === undefined || traceKey === undefined ? null : { us, traceKey };
  }
}
