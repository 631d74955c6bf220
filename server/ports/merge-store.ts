/** A day whose small segments were merged. */
export interface MergedDay {
  readonly day: string;
  readonly segmentsBefore: number;
  readonly segmentsAfter: number;
  /** On disk, segment rows and bytes with their indexes. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface MergeStore {
  /**
   * One small step: copies some segments of a day that is over into larger ones, or puts the finished copy in the place
   * of the day. `idle`: nothing is left to do now, or another process does it.
   */
  step(): Promise<'working' | 'idle' | MergedDay>;
}
