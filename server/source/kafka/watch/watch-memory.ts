import type { Millis } from '../../../model/time.ts';
import type { GroupDescription } from './group-description.ts';

/** A description that was asked for, under which listed state. */
export interface KeptDescription {
  readonly description: GroupDescription;
  readonly listedState: string | null;
  readonly askedAt: Millis;
}

/** What one look leaves to the next, so that members and low watermarks are not asked for each time. */
export interface WatchMemory {
  /** By group; only of groups that the last look listed. */
  readonly descriptions: Map<string, KeptDescription>;
  /** Low watermark by partition key, with the time at which all were asked for. */
  lows: ReadonlyMap<string, bigint>;
  /** Kafka's id of each topic when they were asked for: a topic that is created anew begins anew. */
  lowsOf: ReadonlyMap<string, string | null>;
  lowsAt: Millis | null;
}

export function createWatchMemory(): WatchMemory {
  return { descriptions: new Map(), lows: new Map(), lowsOf: new Map(), lowsAt: null };
}
