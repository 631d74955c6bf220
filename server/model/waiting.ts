import type { EpisodeType } from './episode.ts';
import type { Follow } from './follow.ts';

/** A declared flow with its names as ids; a name that no event ever had has none. */
export interface ExpectedFlow {
  readonly name: string;
  readonly startId: number;
  readonly endIds: ReadonlySet<number>;
  readonly steps: readonly ExpectedStep[];
}

export interface ExpectedStep {
  readonly typeId: number | null;
  readonly eventType: string;
  readonly withinUs: number;
  readonly service: string | null;
  readonly group: string | null;
}

/** What is known of what follows what. */
export interface Expectations {
  readonly flows: readonly ExpectedFlow[];
  /** By the type that is followed. */
  readonly follows: ReadonlyMap<number, readonly Follow[]>;
}

/** An episode that may wait for something. */
export interface WaitingEpisode {
  readonly types: readonly Pick<EpisodeType, 'typeId' | 'us'>[];
  /** The type its trace began with. */
  readonly rootTypeId: number;
  /** It has an error event or a dead letter: nothing is waited for any more. */
  readonly failed: boolean;
}

/** Something that is not there yet. Times are offsets from the episode's begin. */
export interface Missing {
  /** The step after which it should come. */
  readonly after: Pick<EpisodeType, 'typeId' | 'us'>;
  /** Null for a declared step that no event ever was. */
  readonly typeId: number | null;
  readonly dueUs: number;
  /** When it would usually have come. */
  readonly usualUs: number;
  readonly declared: { readonly flow: string; readonly step: ExpectedStep } | null;
  /** What was learned of it; null where it is only declared. */
  readonly learned: Follow | null;
}

export type Waiting =
  /** Nothing more is expected. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'waiting'; readonly dueUs: number }
  | { readonly kind: 'overdue'; readonly missing: Missing };
