/** A small cluster that is as it was is looked at this often: a queue that appears is told of within seconds. */
const PAUSE_LEAST_MS = 1_000;
/** Looking takes at most this part of the time, until the longest pause is reached. */
const SHARE_OF_TIME = 0.05;

/**
 * How long to rest after a discovery that took `tookMs`, at most `mostMs`. After one with news it is the longest: each
 * change is a share-out of all partitions, and topics seldom come alone.
 */
export function discoveryPause({ tookMs, changed, mostMs }: DiscoveryMade): number {
  if (changed) return mostMs;
  return Math.min(mostMs, Math.max(PAUSE_LEAST_MS, Math.round(tookMs * (1 / SHARE_OF_TIME - 1))));
}

/** What is known of the last discovery. */
export interface DiscoveryMade {
  readonly tookMs: number;
  /** Topics, incarnations or partition counts were others than before. */
  readonly changed: boolean;
  readonly mostMs: number;
}
