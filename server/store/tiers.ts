/** The widths of sums, finest first. `hours`: what versions are kept of; a minute's sums are read anew each time. */
export const TIERS = [
  { table: 'hop_by_minute', widthUs: 60_000_000, hours: null },
  { table: 'hop_by_hour', widthUs: 3_600_000_000, hours: 1 },
  { table: 'hop_by_day', widthUs: 86_400_000_000, hours: 24 },
] as const;

export type Tier = (typeof TIERS)[number];
