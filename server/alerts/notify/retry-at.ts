/** Pauses after the first, second … try that failed, in ms: those that Standard Webhooks recommends, three days in all. */
export const RETRY_MS: readonly number[] = [
  5_000,
  5 * 60_000,
  30 * 60_000,
  2 * 3_600_000,
  5 * 3_600_000,
  10 * 3_600_000,
  14 * 3_600_000,
  20 * 3_600_000,
  24 * 3_600_000,
];

/** Tries of many deliveries that failed together are spread over this share of the pause. */
const SPREAD = 0.2;
/** Longest wait that a receiver can ask for. */
const LONGEST_ASKED_MS = 24 * 3_600_000;

/**
 * When a delivery is tried again, epoch ms; null when it is given up. Never before the receiver asked for it.
 * @param failed tries that failed so far, from 1
 * @param askedMs pause the receiver asked for by `Retry-After`
 * @param jitter from 0 to 1
 */
export function retryAt(
  failed: number,
  { now, jitter, askedMs = 0 }: { readonly now: number; readonly jitter: number; readonly askedMs?: number },
  pauses: readonly number[] = RETRY_MS,
): number | null {
  const pause = pauses[failed - 1];
  if (pause === undefined) return null;
  return now + Math.round(Math.max(pause * (1 + SPREAD * jitter), Math.min(askedMs, LONGEST_ASKED_MS)));
}

/** The pause of a `Retry-After` header in ms: seconds, or an HTTP date; 0 for none and for what is neither. */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // The three forms of an HTTP date begin with a weekday.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
