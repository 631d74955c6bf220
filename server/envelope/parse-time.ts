import type { Json } from '../model/json.ts';
import { type Micros, micros } from '../model/time.ts';

/** A time as an event wrote it. `naive`: it named no zone and was read as UTC. */
export interface ParsedTime {
  readonly at: Micros;
  readonly naive: boolean;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Reads a time: RFC 3339 and the ISO 8601 forms that Python, Java and JavaScript print (fraction to 9 digits, cut at
 * microseconds), or a number or numeric text since the epoch. Null for anything else.
 */
export function parseTime(value: Json | undefined): ParsedTime | null {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value !== 'string' || value.length > 64) return null;
  if (/^-?\d{1,19}(\.\d{1,9})?$/.test(value)) return parseEpoch(Number(value));
  return parseIso(value);
}

function parseIso(text: string): ParsedTime | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!inRange(parts)) return null;
  const [y, mo, d, h, mi, s] = parts;
  // Date.UTC reads years 0–99 as 1900–1999, so the year is set afterwards.
  const whole = new Date(Date.UTC(2000, mo - 1, d, h, mi, s));
  whole.setUTCFullYear(y, mo - 1, d);
  if (whole.getUTCMonth() !== mo - 1 && s < 60) return null;
  const fractionUs = Number(fraction.padEnd(6, '0').slice(0, 6));
  const offsetMs = zone === undefined ? 0 : zoneOffsetMs(zone);
  return { at: micros((whole.getTime() - offsetMs) * 1000 + fractionUs), naive: zone === undefined };
}

function inRange([, month, day, hour, minute, second]: readonly number[]): boolean {
  return (
    within(month, 1, 12) && within(day, 1, 31) && within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 60)
  );
}

function within(value: number | undefined, low: number, high: number): boolean {
  return value !== undefined && value >= low && value <= high;
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000;
}

/**
 * Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by size: each unit covers the years
 * 1973 to 5138 without touching the next. Below 1e8 a number is no time (it may be a duration or a counter).
 */
function parseEpoch(value: number): ParsedTime | null {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size < 1e8 || size >= 1e20) return null;
  if (size < 1e11) return { at: micros(Math.round(value * 1e6)), naive: false };
  if (size < 1e14) return { at: micros(Math.round(value * 1e3)), naive: false };
  if (size < 1e17) return { at: micros(Math.round(value)), naive: false };
  return { at: micros(Math.round(value / 1e3)), naive: false };
}
