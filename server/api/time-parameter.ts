import { type Micros, type Millis, micros } from '../model/time.ts';

/** A time as a query gives it: an instant, or so long before now. */
export type TimeParameter =
  | { readonly kind: 'at'; readonly at: Micros }
  | { readonly kind: 'ago'; readonly ms: number };

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const RELATIVE = /^-(\d{1,6})([smhd])$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads `now`, `-60m` (s, m, h, d) or RFC 3339 with a zone; null for anything else, impossible dates included. */
export function parseTimeParameter(text: string): TimeParameter | null {
  if (text === 'now') return { kind: 'ago', ms: 0 };
  const [, amount, unit] = RELATIVE.exec(text) ?? [];
  if (amount !== undefined && isUnit(unit)) return { kind: 'ago', ms: Number(amount) * UNIT_MS[unit] };
  const at = parseRfc3339(text);
  return at === null ? null : { kind: 'at', at };
}

/** The instant a parameter means at `now`. */
export function resolveTime(time: TimeParameter, now: Millis): Micros {
  return time.kind === 'at' ? time.at : micros((now - time.ms) * 1000);
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && Object.hasOwn(UNIT_MS, text);
}

function parseRfc3339(text: string): Micros | null {
  const [, day, time, fraction = '', zone = 'Z'] = RFC_3339.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  const local = Date.parse(`${day}T${time}Z`);
  // `Date.parse` rolls 30 February over into March: an instant that reads back otherwise was not a date.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== `${day}T${time}`) return null;
  const offsetMs = zoneOffsetMs(zone);
  if (offsetMs === null) return null;
  return micros((local - offsetMs) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6)));
}

function zoneOffsetMs(zone: string): number | null {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
