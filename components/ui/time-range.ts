import { formatSpan } from './format-duration.ts';
import { formatInstant } from './format-instant.ts';

/** The selected time range, resolved against a clock. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** True when the range ends now and moves with it. */
  readonly live: boolean;
  /** `Last 60 min` or `Fixed`. */
  readonly label: string;
}

/** The ranges offered, as URL values of `from`. */
export const RANGE_PRESETS = ['-15m', '-60m', '-6h', '-24h', '-7d'] as const;

export const DEFAULT_FROM = '-60m';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_RANGE_MS = 366 * 86_400_000;

/** Length of a relative value such as `-60m`, in ms; null when the text has another form or no sensible length. */
export function relativeMs(text: string): number | null {
  const match = /^-(\d{1,6})([smhd])$/.exec(text);
  if (match === null) return null;
  const unit = match[2];
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return null;
  const length = Number(match[1]) * UNIT_MS[unit];
  return length > 0 && length <= MAX_RANGE_MS ? length : null;
}

/** The range that `?from=&to=` means at `nowMs`. What cannot be read falls back to the last 60 minutes. */
export function resolveRange(from: string | null, to: string | null, nowMs: number): TimeRange {
  const length = relativeMs(from ?? DEFAULT_FROM);
  if (length !== null && (to === null || to === 'now')) return lastRange(length, nowMs);
  const [start, end] = [absoluteMs(from, nowMs), absoluteMs(to ?? 'now', nowMs)];
  if (start === null || end === null || start >= end || end - start > MAX_RANGE_MS) return lastRange(3_600_000, nowMs);
  return { fromMs: start, toMs: end, live: to === null || to === 'now', label: 'Fixed' };
}

/** The absolute form of a range: `02:12 – 03:12 UTC`. */
export function rangeText(range: TimeRange, nowMs: number): string {
  return `${formatInstant(range.fromMs, nowMs, 'min')} – ${formatInstant(range.toMs, nowMs, 'min')} UTC`;
}

function lastRange(lengthMs: number, nowMs: number): TimeRange {
  return { fromMs: nowMs - lengthMs, toMs: nowMs, live: true, label: `Last ${formatSpan(lengthMs)}` };
}

function absoluteMs(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (text === 'now') return nowMs;
  const relative = relativeMs(text);
  if (relative !== null) return nowMs - relative;
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}
