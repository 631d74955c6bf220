/** Where a record lies: Kafka's topic id names the incarnation. */
export interface Place {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A record at its place; the digest is `digestOf` of its bytes. */
export interface PlacedRecord extends Place {
  readonly digest: string;
}

/** Offsets that the tap must own up to not having, from `from` up to but without `to`. */
export interface HoleFact {
  readonly topicId: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly reason: string;
}

/** What is known of the cluster when everything has come to rest. */
export interface Written {
  /** Each topic in each of its lives, by topic id. */
  readonly lives: ReadonlyMap<string, { readonly topic: string; readonly live: boolean }>;
  /** The producers' truth: what was acknowledged, and in transactions what was committed. */
  readonly acknowledged: readonly PlacedRecord[];
  /** The logs of the living topics as an independent reader found them. */
  readonly inLog: readonly PlacedRecord[];
  /** Digests of records whose fate their producer never learned. */
  readonly uncertain: ReadonlySet<string>;
  /** Where the logs of the living topics begin and end, by `partitionName`. */
  readonly logs: ReadonlyMap<string, { readonly low: bigint; readonly end: bigint }>;
  /** What was deleted before the taps could read it. */
  readonly holes: readonly HoleFact[];
}

/** What the database says, read table by table. */
export interface Stored {
  /** From the raw bytes of the segments. */
  readonly records: readonly PlacedRecord[];
  /** From the event rows. */
  readonly events: readonly Place[];
  readonly holes: readonly HoleFact[];
  /** `next_offset`, by `partitionName`. */
  readonly positions: ReadonlyMap<string, bigint>;
  /** `stored_count`, by `partitionName`. */
  readonly totals: ReadonlyMap<string, number>;
  /** Sum of `ingest_count` per topic id. */
  readonly counts: ReadonlyMap<string, number>;
  /** Every trace key that has events or a trace row. */
  readonly traces: readonly StoredTrace[];
}

export interface StoredTrace {
  readonly traceKey: string;
  /** Event rows, and how many of them are no copies of another. */
  readonly rows: number;
  readonly distinct: number;
  /** What the trace row says after settle; null without a row. */
  readonly eventCount: number | null;
  readonly duplicateCount: number | null;
}

export function partitionName({ topicId, partition }: { topicId: string; partition: number }): string {
  return `${topicId}/${partition}`;
}

export function placeName(place: Place): string {
  return `${partitionName(place)}/${place.offset}`;
}
