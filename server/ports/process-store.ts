/** What a process says of itself, kept in its row and shown on pages and `/health`. */
export interface TapState {
  readonly connected: boolean;
  readonly message: string | null;
  readonly since: string;
  readonly cluster: string | null;
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
