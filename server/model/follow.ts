import type { EpisodeType } from './episode.ts';

/** The newest episode of a trace, as a sample to learn from. */
export interface SampledEpisode {
  readonly types: readonly EpisodeType[];
  /** How long ago it began. */
  readonly ageUs: number;
  /** Its trace is stalled, or may turn out to be: what did not follow there says nothing of what usually follows. */
  readonly stalled: boolean;
}

/** That one event type usually follows another in the same episode, and how soon. */
export interface Follow {
  readonly typeId: number;
  readonly followId: number;
  /** Episodes with the type, and those of them in which the other followed. */
  readonly traces: number;
  readonly followed: number;
  /** Lower end of the 95 % interval of the share that followed (Wilson, one-sided). */
  readonly least: number;
  /** From the one's occurred-at to the other's. */
  readonly typicalUs: number;
  readonly p95Us: number;
  readonly p99Us: number;
  /** It is overdue after this, counted from the one's occurred-at. */
  readonly waitUs: number;
  /** Types that mean that it will not come: most episodes with one of them go without it. */
  readonly instead: readonly number[];
}

/** Who produces an event type, and onto which topics. */
export interface Maker {
  readonly typeId: number;
  readonly serviceId: number | null;
  readonly incarnationIds: readonly number[];
}

export interface Learned {
  readonly follows: readonly Follow[];
  readonly makers: readonly Maker[];
}
