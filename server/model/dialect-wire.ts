import type { AsOf } from './as-of.ts';
import type { ValueFormat } from './decoded.ts';
import type { FieldName } from './dialect.ts';
import type { EventFlag } from './event.ts';
import type { Reason } from './reason.ts';
import type { IdKind } from './trace-key.ts';

/** How many events a dialect matched; counts are texts. */
export interface DialectCount {
  /** Stored in the range asked for. */
  readonly in_range: string;
  /** Stored and not expired. */
  readonly stored: string;
  /** When the newest of them was stored; null for none. */
  readonly last_at: string | null;
}

/** A dialect as the settings page lists it, in the order dialects are tried. */
export interface DialectWire {
  readonly name: string;
  readonly title: string;
  readonly from: 'throughline.yaml' | 'built in';
  /** The line of `throughline.yaml` on which it begins; null for a built-in one. */
  readonly line: number | null;
  readonly when: readonly string[];
  readonly rules: readonly { readonly field: FieldName; readonly rules: readonly string[] }[];
  readonly count: DialectCount;
}

/** `GET /dialects` */
export interface DialectList extends AsOf {
  readonly range: { readonly from: string; readonly to: string };
  readonly dialects: readonly DialectWire[];
  /** Events that no dialect matched. */
  readonly unmatched: DialectCount;
  /** Names that events were read by and that are no longer configured. */
  readonly retired: readonly { readonly name: string; readonly count: DialectCount }[];
  readonly rules: {
    /** The number of the rules in force, as stored with events; null before a tap has used them. */
    readonly version: number | null;
    /** Events read by older rules, as text; with those whose payload has expired, which stay so. */
    readonly older: string;
    readonly older_unreachable: string;
  };
  /** The newest re-resolve job; null when there was none. */
  readonly job: JobWire | null;
}

/** `re-resolve` reads stored events again, `re-settle` stitches traces again. */
export type JobKind = 're-resolve' | 're-settle';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A background job; 64-bit counts are texts. */
export interface JobWire {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly requested_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Events, or traces, looked at, and about how many there are to look at; 0 while nobody knows. */
  readonly done: string;
  readonly total: string;
  readonly changed: string;
  /** Why it failed or waits, in a sentence. */
  readonly message: string | null;
}

/** `GET /jobs` */
export interface JobList extends AsOf {
  readonly jobs: readonly JobWire[];
}

/** `POST /dialects/try`: a stored record by its id, or one that is pasted. */
export type TryRequest =
  | { readonly event: string }
  | {
      readonly topic: string;
      readonly key: string | null;
      /** Names and values as text; a null value is a header without one. */
      readonly headers: readonly { readonly name: string; readonly value: string | null }[];
      /** Text, or base64 where `encoding` says so; null for a tombstone. */
      readonly value: string | null;
      readonly encoding: 'text' | 'base64';
    };

/** What became of one rule or condition. */
export interface RuleTrial {
  readonly rule: string;
  /** `found`: its value was taken. `rejected`: it has a value that means nothing. `not reached`: an earlier one was taken. */
  readonly outcome: 'found' | 'absent' | 'rejected' | 'not reached';
  /** What stands there, cut at 200 characters; null when nothing does. */
  readonly value: string | null;
  /** Why a value was rejected. */
  readonly why: string | null;
}

/** How a record is read, step by step. Pure data: the pipeline makes it, the settings page draws it. */
export interface Explanation {
  /** Null when the value could not be read; `reason` says why. */
  readonly format: ValueFormat | null;
  readonly reason: Reason | null;
  /** The dialects in order up to the one that matched, with the first condition that failed. */
  readonly dialects: readonly { readonly name: string; readonly matched: boolean; readonly failed: string | null }[];
  readonly dialect: string;
  readonly fields: readonly {
    readonly field: FieldName;
    readonly value: string | null;
    readonly trials: readonly RuleTrial[];
  }[];
  readonly flags: readonly EventFlag[];
  /** 32 hex digits. */
  readonly trace_key: string;
  readonly id_kind: IdKind;
}
