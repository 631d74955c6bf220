import type { Micros } from './time.ts';

/** An event type in an episode: its first appearance there. Times are offsets from the episode's begin. */
export interface EpisodeType {
  readonly typeId: number;
  /** By occurred-at. */
  readonly us: number;
  /** When its record says it was sent, where that is later: what waits for it can only know then. */
  readonly seenUs: number;
  readonly serviceId: number | null;
  readonly incarnationId: number;
}

/** The newest episode of a trace as its row keeps it. */
export interface Episode {
  readonly at: Micros;
  /** Distinct, in order of first appearance; the first `MOST_EPISODE_TYPES`. */
  readonly types: readonly EpisodeType[];
  readonly lastTypeId: number;
  /** An event of it is a dead letter. */
  readonly deadLetter: boolean;
}

/** Most types of one episode that its trace's row keeps. */
export const MOST_EPISODE_TYPES = 200;
