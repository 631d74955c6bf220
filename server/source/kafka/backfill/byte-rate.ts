/**
 * A token bucket for bytes. One that is overdrawn waits until it is even again, so the mean holds whatever the size of
 * an answer. Pure: the time (ms, never going back) is an argument.
 */
export interface ByteRate {
  /** Milliseconds until more may be asked for; 0: now. */
  waitMs(nowMs: number): number;
  /** These many bytes have come. */
  spend(bytes: number, nowMs: number): void;
  /** Most bytes to ask for at once. */
  readonly atOnce: number;
}

/** Bytes saved up while nothing comes: half a second's worth. */
const SAVED_S = 0.5;
/** Smaller questions cost more than they bring. */
const AT_ONCE_LEAST = 64 * 1024;

export function createByteRate(bytesPerS: number): ByteRate {
  const most = bytesPerS * SAVED_S;
  let left = most;
  let seenMs: number | null = null;

  const refill = (nowMs: number): void => {
    const passedMs = seenMs === null ? 0 : Math.max(0, nowMs - seenMs);
    left = Math.min(most, left + (passedMs / 1000) * bytesPerS);
    seenMs = nowMs;
  };

  return {
    waitMs(nowMs) {
      refill(nowMs);
      return left > 0 ? 0 : Math.ceil(((1 - left) / bytesPerS) * 1000);
    },
    spend(bytes, nowMs) {
      refill(nowMs);
      left -= bytes;
    },
    atOnce: Math.max(AT_ONCE_LEAST, Math.floor(most)),
  };
}
