/** A whole count with thousands marked: `153,364`. Takes texts too, so that 64-bit counts stay exact. */
export function formatCount(value: number | string): string {
  const text = typeof value === 'number' ? String(Math.round(value)) : value;
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 event`, `2 events`; `plural` where an `s` is not enough. */
export function formatCounted(value: number | string, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${String(value) === '1' ? noun : plural}`;
}

/** A share 0..1 as per cent, never rounded up to all or down to none: `3.1 %`, `99.975 %`, `100 %`. */
export function formatShare(share: number): string {
  if (share >= 1) return '100 %';
  if (share <= 0) return '0 %';
  const percent = share * 100;
  if (percent > 99.9) return `${(Math.floor(percent * 1000) / 1000).toFixed(3)} %`;
  if (percent < 0.1) return '< 0.1 %';
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

/** Bytes in decimal units: `812 B`, `4.2 kB`, `1.3 MB`, `6.4 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** A rate per second: `42.6`, three digits; `0` only for none. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '< 0.01';
  if (perSecond < 9.995) return perSecond.toFixed(2);
  return perSecond < 99.95 ? perSecond.toFixed(1) : formatCount(perSecond);
}
