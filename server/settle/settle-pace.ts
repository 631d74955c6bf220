/** For so long after records came in, settle leaves them the machine. */
const STORING_FOR_MS = 1_000;
/** For so long after a batch said so, storing counts as behind. */
const BEHIND_FOR_MS = 1_000;
/** While storing is behind, a rest is so many times as long as the turn before it: records must not wait for traces. */
const BEHIND_FACTOR = 4;

/** What was stored of a partition at once, how much of it was left to read then, and how long it took from its delivery on. */
export interface StoredBatch {
  readonly records: number;
  readonly left: number;
  readonly tookMs: number;
}

/** Records left in a partition that say that storing is behind, whatever the size of a batch. */
const LEFT_MANY = 1_000;
/** The same in batches: what comes in while one is stored is less. */
const LEFT_BATCHES = 4;
/** A batch that takes longer waits for the machine. The next of its partition has waited as long by then, and is read whole. */
const SLOW_MS = 60;

/** How long settle rests between turns. Times are in ms of one clock that only goes forward. */
export interface SettlePace {
  stored(batch: StoredBatch, nowMs: number): void;
  /** The rest after a turn that took so long; `filled`: the share of the traces it could take, 1 when more may wait. */
  restAfter(turn: { readonly tookMs: number; readonly filled: number }, nowMs: number): number;
}

/**
 * Settle takes the machine that storing leaves: all of it while nothing is stored. While records come in, it rests as long
 * as it worked, and less the fuller its turns are: full ones follow each other. Where storing is behind the topics, or slow
 * for want of the machine, it rests four times as long as it works: traces wait and records do not.
 */
export function createSettlePace(): SettlePace {
  let storedAt = Number.NEGATIVE_INFINITY;
  let behindAt = Number.NEGATIVE_INFINITY;
  return {
    stored({ records, left, tookMs }, nowMs) {
      storedAt = nowMs;
      if (tookMs > SLOW_MS || left > Math.max(LEFT_MANY, records * LEFT_BATCHES)) behindAt = nowMs;
    },
    restAfter({ tookMs, filled }, nowMs) {
      if (nowMs - storedAt >= STORING_FOR_MS) return 0;
      return nowMs - behindAt < BEHIND_FOR_MS ? tookMs * BEHIND_FACTOR : tookMs * (1 - filled);
    },
  };
}
