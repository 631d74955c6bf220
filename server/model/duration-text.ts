const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What is wrong with a text that is no duration, as the end of a sentence. */
export const NO_DURATION = 'is no duration; write a number and ms, s, m, h or d, e.g. 30m';

/** `250ms`, `90s`, `30m`, `12h` or `7d` in milliseconds; null for any other text, and for zero. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,6})\s*(ms|s|m|h|d)$/.exec(text.trim());
  const unit = match?.[2];
  if (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return null;
  return Number(match?.[1]) * UNIT_MS[unit] || null;
}

/** A whole number of milliseconds as `parseDuration` reads it, in the largest unit that leaves no rest: `250ms`, `90s`. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(UNIT_MS).findLast(([, each]) => ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
