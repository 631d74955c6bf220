/** A duration as pages write it: at most two units and three digits. `38 ms`, `1.76 s`, `6 min 12 s`, `3 h 07 min`, `29 d 23 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${threeDigits(ms)} ms`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${threeDigits(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(ms / 3_600_000);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** An age in whole seconds, for counters that run: `3 s`, `6 min 12 s`. */
export function formatAge(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000) * 1000);
  return whole < 60_000 ? `${whole / 1000} s` : formatDuration(whole);
}

/** A hop time with milliseconds kept: `760 ms`, `1.274 s`; from a minute on as `formatDuration`. */
export function formatHop(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 1000 && size < 59_950) return `${ms < 0 ? '−' : ''}${(size / 1000).toFixed(3)} s`;
  return formatDuration(ms);
}

/** A length of time in whole units for labels of a range: `15 min`, `24 h`, `7 d`. */
export function formatSpan(ms: number): string {
  if (ms % 86_400_000 === 0 && ms > 86_400_000) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0 && ms > 3_600_000) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return formatDuration(ms);
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
