import type { Json } from './json.ts';
import { type Micros, micros } from './time.ts';

/** A time as an event wrote it. `naive`: it named no zone and was read as UTC. */
export interface ParsedTime {
  readonly at: Micros;
  readonly naive: boolean;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,:](\d{1,9}))?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Reads a time: RFC 3339 and the ISO 8601 forms that Python, Java and JavaScript print (fraction to 9 digits, cut at
 * microseconds), NServiceBus's `2025-10-18 10:45:00:120000 Z`, or a number or numeric text since the epoch. Null for anything else.
 */
export function parseTime(value: Json | undefined): ParsedTime | null {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value === 'bigint') return parseEpoch(Number(value));
  if (typeof value !== 'string' || value.length > 64) return null;
  return parsePlain(value) ?? (NUMERIC.test(value) ? parseEpoch(Number(value)) : parseIso(value));
}

const NUMERIC = /^-?\d{1,19}(\.\d{1,9})?$/;
const ZERO = 48;

/**
 * The forms nearly every event has, `2025-10-18T10:45:00Z` with a fraction of any length and `Z` or `+00:00`, read digit
 * by digit: a tenth of the time of the expression below, which reads everything else.
 */
function parsePlain(text: string): ParsedTime | null {
  if (text.length < 20 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return null;
  if (text[13] !== ':' || text[16] !== ':') return null;
  const year = digits(text, 0, 2) * 100 + digits(text, 2, 2);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  let fractionUs = 0;
  let at = 19;
  if (text[at] === '.') {
    for (let scale = 100_000; at + 1 < text.length; scale = Math.trunc(scale / 10)) {
      const digit = text.charCodeAt(at + 1) - ZERO;
      if (digit < 0 || digit > 9) break;
      fractionUs += digit * scale;
      at += 1;
    }
    if (at === 19 || at > 28) return null;
    at += 1;
  }
  const isUtc = (at === text.length - 1 && text[at] === 'Z') || (at === text.length - 6 && text.endsWith('+00:00'));
  const known = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59;
  // Whatever is not plain (a NaN, the last days of a month, a leap second) is for the expression to judge.
  if (!isUtc || !known || !(second <= 59) || !(hour >= 0) || !(minute >= 0)) return null;
  const seconds = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  return { at: micros(seconds * 1_000_000 + fractionUs), naive: false };
}

/** A number of `count` digits; NaN where a character is none. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let place = at; place < at + count; place += 1) {
    const digit = text.charCodeAt(place) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant, days_from_civil), for years from 1. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
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
