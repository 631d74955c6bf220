import type { Json } from './json.ts';
import type { Micros } from './time.ts';

/** By whose convention a dead letter is written; the names that are stored and shown. */
export const DEAD_LETTER_FAMILIES = {
  /** Nothing says anything but the name of the topic. */
  unknown: 0,
  spring: 1,
  'kafka connect': 2,
  'kafka streams': 3,
  'share group': 4,
  masstransit: 5,
  nservicebus: 6,
  /** Headers of the 2026 bus around a body that says nothing. */
  'onex headers': 7,
  /** Bodies, named for the field that the event stands in. */
  original_envelope: 8,
  enrichment: 9,
  original_event: 10,
  original_value: 11,
  'original_message.value': 12,
  projection: 13,
  original_message: 14,
  quarantine: 15,
  flat: 16,
} as const;

export type DeadLetterFamily = keyof typeof DEAD_LETTER_FAMILIES;

/** What of a dead letter could not be read; stored as bits. None of them keeps it from being stored. */
export const DEAD_LETTER_PROBLEMS = {
  /** No body: nothing of the event is in it. */
  'empty body': 1,
  /** The body could not be decoded: what headers say is all. */
  'unreadable body': 2,
  /** Neither body nor headers name the original topic. */
  'no original topic': 4,
  /** It names the topic, but not the partition and offset. */
  'no original offset': 8,
  'bad partition': 16,
  'bad offset': 32,
  'bad timestamp': 64,
  'bad retry count': 128,
  /** The event inside is text that is no JSON. */
  'event inside is no json': 256,
  /** A text was longer than is kept. */
  'text cut': 512,
  /** There were more headers than are looked at. */
  'too many headers': 1024,
  /** The database refused what it says; the raw bytes are stored. */
  'poison value': 2048,
  /** Only the name of the queue tells the original topic. */
  'original topic from name': 4096,
} as const;

export type DeadLetterProblem = keyof typeof DEAD_LETTER_PROBLEMS;

/** Where a dead letter says that its event stood before; each part null where it does not. */
export interface OriginalPlace {
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: bigint | null;
  /** The original's record timestamp. */
  readonly timestamp: Micros | null;
}

/**
 * What a dead letter says, from body and headers. All of it is what a stranger wrote: texts are cut, numbers are checked.
 */
export interface DeadLetterFacts {
  readonly family: DeadLetterFamily;
  readonly original: OriginalPlace;
  readonly consumerGroup: string | null;
  /** Who wrote it, where it says so: a service, an endpoint, a connector. */
  readonly failedIn: string | null;
  readonly reason: string | null;
  /** The reason with what differs from one to the next folded; '' without a reason. */
  readonly fingerprint: string;
  /** The class or type of the error. */
  readonly errorClass: string | null;
  readonly retryCount: number | null;
  readonly failedAt: Micros | null;
  readonly problems: readonly DeadLetterProblem[];
}

/** The event inside a dead letter. */
export interface InsideEvent {
  /** `value` where the whole value is the event, else a JSON pointer. */
  readonly at: string;
  /** Stood there as a text. */
  readonly text: string | null;
  /** Parsed; undefined where it cannot be. */
  readonly value: Json | undefined;
  /** Its own correlation id, as it wrote it. */
  readonly correlationId: string | null;
}

/** By what dead letters of a queue are put into groups. */
export const DEAD_LETTER_DIMENSIONS = ['reason', 'error_class', 'original_topic', 'service', 'event_type'] as const;

export type DeadLetterDimension = (typeof DEAD_LETTER_DIMENSIONS)[number];

/**
 * What a topic is to dead letters. Only the first counts as depth: quarantine is where dead letters go from there, retry
 * topics are stages before, a mirror holds copies for other eyes.
 */
export type QueueKind = 'dead letter' | 'quarantine' | 'retry' | 'mirror';

/** What says so. */
export type QueueBasis = 'declaration' | 'name' | 'broker config' | 'records';
