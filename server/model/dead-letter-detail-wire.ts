import type { AsOf } from './as-of.ts';
import type { DeadLetterRecordWire } from './dead-letter-wire.ts';
import type { HeaderWire, Payload, PayloadMissing } from './wire.ts';

/** One record as it lies on its topic. */
export interface ComparedRecord {
  readonly id: string;
  readonly key: Payload | null;
  readonly headers: readonly HeaderWire[];
  readonly payload: Payload | null;
  readonly payload_missing: PayloadMissing | null;
}

/**
 * The event inside the dead letter held against the stored original. `same`: the same value, byte for byte or, of JSON, value
 * for value. `changed`: `differences` name where. `not comparable`: one of them cannot be read, and `why` says which. `gone`:
 * the original is not stored. `nothing inside`: the dead letter carries no event, as those of share groups.
 */
export interface ComparisonWire {
  readonly result: 'same' | 'changed' | 'not comparable' | 'gone' | 'nothing inside';
  /** As a sentence without a full stop; null where the result says all. */
  readonly why: string | null;
  /** The service or group that wrote the dead letter, where it says so: who changed it. */
  readonly by: string | null;
  /** At most 50. */
  readonly differences: readonly {
    /** JSON pointer. */
    readonly path: string;
    readonly what: 'added' | 'removed' | 'changed';
    /** As JSON, cut at 200 characters. */
    readonly was: string | null;
    readonly is: string | null;
  }[];
  readonly more_differences: boolean;
}

/** `GET /dead-letters/records/{id}` */
export interface DeadLetterDetail extends AsOf {
  readonly record: DeadLetterRecordWire;
  readonly own: ComparedRecord;
  /** Where in it the event stands: `value`, or a JSON pointer; null where it carries none. */
  readonly inside_at: string | null;
  /** That event: verbatim, but printed anew where it stands as an object among others. */
  readonly inside: Payload | null;
  readonly original: ComparedRecord | null;
  readonly comparison: ComparisonWire;
  /** Other dead letters of the same original: earlier attempts, and quarantine. At most 20. */
  readonly siblings: readonly DeadLetterRecordWire[];
}
