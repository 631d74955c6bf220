import type { Verdict } from '../../schema/schema-atom.ts';
import type { Breaks } from '../../schema/schema-change.ts';
import type { Compatibility } from './check-options.ts';
import type { Place } from './read-samples.ts';

/**
 * What `throughline check --json` prints, and what its other output is made of. Members are added, and never change their
 * meaning while `throughline_check` stays the same. Texts of events are data: they may hold anything.
 */
export interface CheckReport {
  readonly throughline_check: 1;
  /** `failed`: an event or a version is not as it should be; `unusable`: something could not be read or used. */
  readonly result: 'ok' | 'failed' | 'unusable';
  /** 0, 1 or 2: that of the process. */
  readonly exit_code: number;
  readonly counts: Counts;
  readonly schemas: {
    readonly usable: number;
    /** Schemas that decided about events. */
    readonly used: readonly UsedSchema[];
    readonly broken: readonly Problem[];
  };
  /** Files, or parts of them, that could not be read. */
  readonly problems: readonly Problem[];
  readonly problems_left_out: number;
  /** Events that failed. */
  readonly failures: readonly Failure[];
  readonly failures_left_out: number;
  /** Why events were not checked. */
  readonly unchecked: readonly { readonly why: string; readonly events: number; readonly first: Place }[];
  /** Unchecked events that had further reasons. */
  readonly unchecked_left_out: number;
  /** Null without `--schema`. */
  readonly compatibility: CompatibilityReport | null;
}

export interface Counts {
  readonly files: number;
  /** Of folders: what is no sample by its name. */
  readonly files_passed_over: number;
  /** All of the following together. */
  readonly events: number;
  readonly ok: number;
  readonly violation: number;
  readonly unknown_reference: number;
  readonly unreadable: number;
  readonly unchecked: number;
  /** With `--schema`: events of other types. */
  readonly other_type: number;
}

export interface UsedSchema {
  readonly schema: string;
  readonly version: string | null;
  /** Events that fit it, and so are ok. */
  readonly ok: number;
  /** Events that broke it. */
  readonly violations: number;
}

export interface Problem {
  readonly file: string;
  /** From 1; null where the file as a whole is meant. */
  readonly line: number | null;
  /** Without a full stop. */
  readonly reason: string;
}

/** An event that failed. */
export interface Failure {
  readonly place: Place;
  readonly topic: string | null;
  readonly event_type: string | null;
  readonly status: 'violation' | 'unknown_reference' | 'unreadable' | 'unchecked';
  /** Why it was held against these schemas, or why it could not be. */
  readonly why: string;
  readonly errors: readonly FailureError[];
  /** There may be more errors than these. */
  readonly has_more: boolean;
}

export interface FailureError {
  readonly schema: string;
  readonly version: string | null;
  /** JSON pointer into the event. */
  readonly path: string;
  /** The keyword of JSON Schema. */
  readonly rule: string;
  readonly schema_path: string;
  readonly sentence: string;
  /** The value as JSON, cut after some 80 characters; null where there is none. */
  readonly was: string | null;
  /** A field that was probably meant. */
  readonly near_miss: string | null;
}

export interface CompatibilityReport {
  readonly schema: SchemaName;
  /** Null where there is none. */
  readonly against: (SchemaName & { readonly origin: 'named' | 'operator' | 'registry' | 'built in' }) | null;
  /** The parts of an event that the schema describes, as JSON pointers: of several the first that is there. */
  readonly at: readonly string[];
  readonly required: Compatibility;
  readonly backward: DirectionReport;
  readonly forward: DirectionReport;
  /** Why a verdict is `unknown`. */
  readonly reasons: readonly string[];
  readonly changes: readonly {
    readonly path: string;
    readonly kind: string;
    readonly breaks: Breaks;
    readonly may_break: Breaks;
    readonly sentence: string;
  }[];
  readonly has_more_changes: boolean;
}

export interface SchemaName {
  readonly file: string;
  readonly version: string | null;
}

export interface DirectionReport {
  readonly verdict: Verdict;
  /** Of a `no`: a value for that part, as JSON text, which one version accepts and the other refuses. */
  readonly example: string | null;
}
