/** For so long after records came in, settle leaves them the machine. */
const STORING_FOR_MS = 1_000;
/** For so long after a partition had much left to read, storing counts as behind. */
const BEHIND_FOR_MS = 1_000;
/** A rest is so many times as long as the turn before it: storing records must never wait for settle. */
const YIELD_FACTOR = 2;

/** What was stored of a partition at once, and how much of it is left to read. */
export interface StoredBatch {
  readonly records: number;
  readonly left: number;
}

/** Records left in a partition that say that storing is behind, whatever the size of a batch. */
const LEFT_MANY = 1_000;
/** The same in batches: what comes in while one is stored is less. */
const LEFT_BATCHES = 4;

/** How long settle rests between turns. Times are in ms of one clock that only goes forward. */
export interface SettlePace {
  stored(batch: StoredBatch, nowMs: number): void;
  /** The rest after a turn that took so long; `wasFull`: it left marks waiting. */
  restAfter(turn: { readonly tookMs: number; readonly wasFull: boolean }, nowMs: number): number;
}

/**
 * Settle takes the machine that storing leaves: all of it while nothing is stored. While records come in, it rests longer
 * than it works, unless its own marks pile up and storing keeps up with the topics: then it goes on without a rest. Where
 * storing is behind itself, traces wait and records do not.
 */
export function createSettlePace(): SettlePace {
  let storedAt = Number.NEGATIVE_INFINITY;
  let behindAt = Number.NEGATIVE_INFINITY;
  return {
    stored({ records, left }, nowMs) {
      storedAt = nowMs;
      if (left > Math.max(LEFT_MANY, records * LEFT_BATCHES)) behindAt = nowMs;
    },
    restAfter({ tookMs, wasFull }, nowMs) {
      if (nowMs - storedAt >= STORING_FOR_MS) return 0;
      if (wasFull && nowMs - behindAt >= BEHIND_FOR_MS) return 0;
      return tookMs * YIELD_FACTOR;
    },
  };
}
