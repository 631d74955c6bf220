/** Microseconds since the Unix epoch. A plain number: exact to 1 µs until the year 2255. */
export type Micros = number & { readonly __unit: 'us' };

/** Milliseconds since the Unix epoch, as `Date.now()` and Kafka record timestamps give them. */
export type Millis = number & { readonly __unit: 'ms' };

/** Marks a number as microseconds since the epoch. The caller vouches for the unit. */
export function micros(value: number): Micros {
  return value as Micros;
}

/** Marks a number as milliseconds since the epoch. The caller vouches for the unit. */
export function millis(value: number): Millis {
  return value as Millis;
}

/** Milliseconds to microseconds, both since the epoch. */
export function millisToMicros(value: Millis): Micros {
  return micros(value * 1000);
}

/** RFC 3339 in UTC with microseconds, e.g. `2025-10-18T10:45:00.120000Z`. Years outside 0000–9999 use ISO's ±YYYYYY. */
export function microsToRfc3339(value: Micros): string {
  const wholeMs = Math.floor(value / 1000);
  const restUs = value - wholeMs * 1000;
  return new Date(wholeMs).toISOString().replace('Z', `${String(restUs).padStart(3, '0')}Z`);
}
