/** The first backfill of a named cluster, as a tap began its share of it. Counts are 64-bit, hence texts. */
export interface BackfillState {
  readonly records: string;
  /** As they lie on the brokers; null while unknown. */
  readonly bytes: string | null;
  readonly bytes_from: 'brokers' | 'sample' | null;
  /** Most disk it can take here; null while the bytes are unknown. */
  readonly disk_bytes: string | null;
  readonly started_at: string;
  /** Most bytes a second; null for no cap. */
  readonly bytes_per_s: number | null;
}

/** What a process says of itself, kept in its row and shown on pages and `/health`. */
export interface TapState {
  readonly connected: boolean;
  readonly message: string | null;
  readonly since: string;
  readonly cluster: string | null;
  /** Null where there was none since this process started. */
  readonly backfill: BackfillState | null;
}

export interface ProcessStore {
  /** Writes the row of this process; called at start and every few seconds. */
  heartbeat(process: {
    id: string;
    kind: 'tap';
    host: string;
    pid: number;
    startedAt: Date;
    state: TapState;
  }): Promise<void>;
  /** Removes the row at an orderly stop. */
  gone(id: string): Promise<void>;
  /** Creates the partitions of today and tomorrow (UTC). */
  ensureStoredDays(): Promise<void>;
}
