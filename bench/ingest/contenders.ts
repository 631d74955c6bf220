/** What is measured against what. */
export const CONTENDERS = ['bare consumer', 'bare copy', 'simple pipeline', 'throughline'] as const;

export type Contender = (typeof CONTENDERS)[number];

/** What a run is told. */
export interface IngestTask {
  readonly contender: Contender;
  readonly brokers: string;
  readonly topic: string;
  readonly count: number;
  readonly groupId: string;
  readonly databaseUrl: string;
  readonly postgresPid: number;
  readonly withHeaders: boolean;
}

/** From the first batch that was stored to the last: connecting and joining a group are not part of it. */
export interface Timed {
  readonly recordsPerS: number;
  readonly clientCpuS: number;
  readonly postgresCpuS: number;
  readonly peakMb: number;
}

/** What it cost to settle all that was marked, per million events. */
export interface Settled {
  readonly eventsPerS: number;
  readonly clientCpuS: number;
  readonly postgresCpuS: number;
  readonly bytesPerEvent: number;
}

/** One run of one contender, with what it left on disk. */
export interface Run extends Timed {
  readonly contender: Contender;
  readonly headers: number;
  /** NaN where nothing is stored. */
  readonly bytesPerRecord: number;
  readonly walPerRecord: number;
  /** Bytes per record of each table with its indexes, largest first, as one line; what the product stores. */
  readonly tables: string;
  readonly settled: Settled | null;
}
