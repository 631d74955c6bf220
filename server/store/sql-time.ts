import { type Micros, micros } from '../model/time.ts';

/** PostgreSQL's earliest timestamp (4714-11-24 BC), in microseconds since 1970. */
const MIN_US = -210_866_803_200_000_000;
/** The last instant a JavaScript `Date` can show; PostgreSQL reaches 20,000 years further. */
const MAX_US = 8_640_000_000_000_000_000;
const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;

/** The nearest time the store can hold; a time that is no number becomes 1970. */
export function clampMicros(time: Micros): Micros {
  if (Number.isNaN(time)) return micros(0);
  return micros(Math.min(MAX_US, Math.max(MIN_US, Math.trunc(time))));
}

/** Whether the store can hold this time, in microseconds since 1970. */
export function isStorable(us: bigint): boolean {
  return us >= MIN_US && us <= MAX_US;
}

/** The whole minute a time lies in. */
export function minuteOf(time: Micros): Micros {
  return micros(Math.floor(clampMicros(time) / MINUTE_US) * MINUTE_US);
}

/** Days since 1970-01-01 (UTC). */
export function dayNumber(time: Micros): number {
  return Math.floor(clampMicros(time) / DAY_US);
}

/** The UTC day of a time as `YYYY-MM-DD`. */
export function dayOf(time: Micros): string {
  return dayText(dayNumber(time));
}

/** `YYYY-MM-DD` of a day number. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Day number of `YYYY-MM-DD`. */
export function dayFromText(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
}

/** SQL for a timestamptz as whole microseconds since 1970 (bigint, arrives as text). */
export function microsSql(column: string): string {
  return `(extract(epoch from ${column}) * 1000000)::bigint`;
}

/** SQL for a parameter of microseconds since 1970 as timestamptz, exact to the microsecond. */
export function timeSql(parameter: string): string {
  return `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;
}

/** A bigint column of microseconds, as `pg` hands it over. */
export function microsFromSql(text: string): Micros {
  return micros(Number(text));
}

/** Microseconds as a parameter for `timeSql`. */
export function microsToSql(time: Micros): string {
  return BigInt(clampMicros(time)).toString();
}
