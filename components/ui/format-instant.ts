const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Milliseconds since the epoch of an RFC 3339 text, microseconds kept as a fraction; NaN when it is none. */
export function instantMs(text: string): number {
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return Date.parse(text) + Number(micros.padEnd(3, '0')) / 1000;
}

/** Time of day in UTC: `03:06:28`; with `digits: 'ms'` `03:06:28.110`, with `'min'` `03:06`. */
export function formatClock(ms: number, digits: 'min' | 's' | 'ms' = 's'): string {
  if (!Number.isFinite(ms)) return '–';
  const text = isoOf(ms).split('T')[1] ?? '';
  return text.slice(0, { min: 5, s: 8, ms: 12 }[digits]);
}

/** As `formatClock`, with the date in front when it is not the day of `nowMs`: `Oct 16 03:06`, other years `2024 Oct 16 03:06`. */
export function formatInstant(ms: number, nowMs: number, digits: 'min' | 's' | 'ms' = 's'): string {
  if (!Number.isFinite(ms)) return '–';
  const [day, today] = [isoOf(ms).split('T')[0], isoOf(nowMs).split('T')[0]];
  if (day === today) return formatClock(ms, digits);
  const date = new Date(isoOf(ms));
  const year = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? '' : `${date.getUTCFullYear()} `;
  return `${year}${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()} ${formatClock(ms, digits)}`;
}

/** ISO text of an instant; instants beyond what a date can hold stand at the nearest that can. */
function isoOf(ms: number): string {
  return new Date(Math.max(-8.64e15, Math.min(8.64e15, Math.floor(ms)))).toISOString();
}
