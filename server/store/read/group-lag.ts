/** What is known of a group on one partition, as the store hands it over; times in microseconds. */
export interface PlaceRow {
  readonly committed: string | null;
  readonly high: string | null;
  /** The move of the high watermark past the committed offset: from `was_high` to `passed_high`. */
  readonly passed_high: string | null;
  readonly was_high: string | null;
  readonly passed_us: string | null;
  readonly was_us: string | null;
}

/** Lag of one partition. */
export interface Lag {
  readonly records: bigint;
  /** Since when the first unread record lies there, in seconds; null when not known. */
  readonly seconds: number | null;
  /** How far `seconds` may be off; null: it is at least that. */
  readonly within: number | null;
}

/** Lag of many partitions together. */
export interface LagSum {
  readonly records: bigint | null;
  readonly seconds: number | null;
  readonly within: number | null;
  readonly unknown: number;
}

/**
 * Lag in records is high watermark less committed offset. Lag in seconds is the age of the first unread record: it came
 * when the high watermark went past the committed offset, between two samples of the history, and is placed between
 * them by its offset. This is the watch's clock, so a producer that stamps its records wrongly does not change it.
 */
export function lagOf(row: PlaceRow, sampledUs: number | null): Lag | null {
  if (row.committed === null || row.high === null) return null;
  const committed = BigInt(row.committed);
  const high = BigInt(row.high);
  if (high <= committed) return { records: 0n, seconds: 0, within: 0 };
  const records = high - committed;
  const age = sampledUs === null ? null : ageOf(row, committed, sampledUs);
  return { records, seconds: age?.seconds ?? null, within: age?.within ?? null };
}

/** The sum of the known ones; its seconds are those of the partition that waits longest. */
export function sumLag(lags: readonly (Lag | null)[]): LagSum {
  const known = lags.filter((lag) => lag !== null);
  const unknown = lags.length - known.length;
  if (known.length === 0) return { records: null, seconds: null, within: null, unknown };
  const records = known.reduce((sum, lag) => sum + lag.records, 0n);
  const oldest = known.reduce((a, b) => ((b.seconds ?? -1) > (a.seconds ?? -1) ? b : a));
  return { records, seconds: oldest.seconds, within: oldest.within, unknown };
}

function ageOf(row: PlaceRow, committed: bigint, sampledUs: number): { seconds: number; within: number | null } | null {
  if (row.passed_us === null || row.passed_high === null) return null;
  const passedUs = Number(row.passed_us);
  if (row.was_us === null || row.was_high === null) return { seconds: secondsOf(sampledUs - passedUs), within: null };
  const wasUs = Number(row.was_us);
  const [was, passed] = [BigInt(row.was_high), BigInt(row.passed_high)];
  // The row that would say when is not kept any more: at this time it had long been there.
  if (was > committed) return { seconds: secondsOf(sampledUs - wasUs), within: null };
  const share = Number(committed + 1n - was) / Number(passed - was);
  const cameUs = wasUs + (passedUs - wasUs) * Math.min(1, Math.max(0, share));
  return { seconds: secondsOf(sampledUs - cameUs), within: secondsOf(Math.max(cameUs - wasUs, passedUs - cameUs)) };
}

/** To a tenth of a second. */
function secondsOf(us: number): number {
  return Math.max(0, Math.round(us / 1e5) / 10);
}
