import type { AlertKind } from '../model/alert-rule.ts';
import type { QueueKind } from '../model/dead-letter.ts';

/** How far the tap has read. */
export interface TapReading {
  /** A tap is heard and reads the cluster. */
  readonly connected: boolean;
  /** Unread records of all partitions. */
  readonly records: number;
  /** How old the oldest of them may be; null where nobody knows. */
  readonly behindMs: number | null;
}

/** A topic of events, one that holds dead letters, stages or copies of them, or one whose records are no events. */
export type TopicRole = QueueKind | 'events' | 'telemetry';

/** Records that were stored in a stretch of time, of one topic, type and service. */
export interface CountReading {
  readonly topic: string;
  readonly cluster: string;
  /** What the topic is to dead letters, by whatever says that it is a queue. */
  readonly kind: TopicRole;
  /** The topic without the words that mark a queue: those of one base carry the same events; '' where nothing else is said. */
  readonly base: string;
  readonly eventType: string;
  readonly service: string | null;
  readonly records: number;
  /** Of those: they break their schema, or name one that nobody knows. */
  readonly violating: number;
}

export interface LatencyReading {
  readonly eventType: string;
  readonly p95Ms: number | null;
  readonly objectiveMs: number | null;
  /** Hops that it is from; too few say nothing. */
  readonly verdict: 'slow' | 'met' | 'none' | 'too few';
  readonly errorBound: number | null;
}

export interface StallReading {
  /** The event that is missing. */
  readonly eventType: string;
  readonly traces: number;
  /** Since when the first of them waits, epoch ms. */
  readonly since: number;
}

export interface GroupLagReading {
  readonly group: string;
  readonly topic: string;
  readonly records: number | null;
  readonly ms: number | null;
}

export interface HoleReading {
  readonly topic: string;
  readonly cluster: string;
  readonly records: number;
  readonly reasons: readonly string[];
}

/** What watch said last. */
export interface WatchReading {
  /** When groups were last read, epoch ms; null: never. */
  readonly sampledAt: number | null;
  /** Why the newest round read nothing. */
  readonly failure: string | null;
}

/** A trace that shows what an alert is about. */
export interface Exemplar {
  /** 32 hex digits. */
  readonly traceKey: string;
}

/** What rules are held against: from indexes and sums alone, each statement limited in time. */
export interface AlertReadings {
  tap(): Promise<TapReading>;
  watch(): Promise<WatchReading>;
  /** Records stored in the last `windowMs` and what has begun of this minute: `spanMs` in all. */
  counts(windowMs: number): Promise<{ readonly counts: readonly CountReading[]; readonly spanMs: number }>;
  latency(windowMs: number): Promise<readonly LatencyReading[]>;
  stalls(): Promise<readonly StallReading[]>;
  /** Of at most 2,000 groups, those of the tap left out. */
  groupLags(): Promise<readonly GroupLagReading[]>;
  holes(windowMs: number): Promise<readonly HoleReading[]>;
  /**
   * Every event type that was ever seen (at most 20,000) with the end of the last minute in which one was stored; null
   * where that is longer ago than `backMs`. Epoch ms.
   */
  lastStored(backMs: number): Promise<ReadonlyMap<string, number | null>>;
  /** Of the first dead letters of a life of a topic from these offsets on, by partition, the oldest record timestamp; epoch ms. */
  oldestAfter(places: {
    readonly life: number;
    readonly offsets: Readonly<Record<string, number>>;
  }): Promise<number | null>;
  /** Names of all event types, at most 20,000. */
  eventTypes(): Promise<ReadonlySet<string>>;
  /** Up to five of the newest traces that an alert with these labels is about, and the service that its events are of. */
  exemplars(
    kind: AlertKind,
    labels: Readonly<Record<string, string>>,
  ): Promise<{ readonly traces: readonly Exemplar[]; readonly service: string | null }>;
}
