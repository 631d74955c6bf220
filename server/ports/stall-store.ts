import type { Learned, SampledEpisode } from '../model/follow.ts';
import type { Waiting, WaitingEpisode } from '../model/waiting.ts';

/** What learning looks at. */
export interface LearningSample {
  /** Newest first. */
  readonly episodes: readonly SampledEpisode[];
  /** Types at which traces have been stalled for a whole day. */
  readonly stalledForADay: ReadonlySet<number>;
}

/** An episode whose time to be looked at has come. */
export interface CheckedEpisode extends WaitingEpisode {
  /** How long ago it began, by the clock of the database. */
  readonly ageUs: number;
}

/** What the watch of stalled traces reads and writes. One process leads; all but `lead` are for it. */
export interface StallStore {
  /** Takes the lead of the workspace; false while another process has it. */
  lead(): Promise<boolean>;
  /** What was learned before. */
  learned(): Promise<Learned>;
  /** Episodes of the last day, at most `limit`. */
  sample(limit: number): Promise<LearningSample>;
  /** Replaces what was learned. Traces that wait for something no longer expected are looked at again. */
  remember(learned: Learned): Promise<void>;
  /** Ids of event types by their names, for those that some event ever was. */
  typeIds(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Looks at up to `limit` traces whose time has come, in one transaction: `judge` says what each waits for. What is
   * overdue is written down as stalled, but only when everything until it was due has been read and settled; what is not
   * any more is taken away. Answers how many were looked at.
   */
  check(limit: number, judge: (episode: CheckedEpisode) => Waiting): Promise<number>;
  /** Looks again at all that is stalled: what is declared may have changed. */
  recheckAll(): Promise<void>;
  /** Forgets stalled traces that have expired. */
  tidy(): Promise<void>;
  /** Lets another process lead. */
  release(): Promise<void>;
}
