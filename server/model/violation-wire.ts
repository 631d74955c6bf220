import type { AsOf } from './as-of.ts';
import type { JobWire } from './job-wire.ts';
import type { WhoseWire } from './owner-wire.ts';

/**
 * What became of an event when it was held against the schemas in force. `unchecked`: no schema is for it, or it could
 * not be decided; it is never `ok`. `unknown_reference`: the event names a schema that nobody has given us, or that its registry does not have.
 */
export type SchemaStatus = 'ok' | 'violation' | 'unknown_reference' | 'unchecked';

/** A version of a schema, as events and pages name it. */
export interface SchemaName {
  /** The file, or the registry's subject. */
  readonly name: string;
  readonly title: string | null;
  readonly version: string | null;
  readonly origin: 'operator' | 'registry' | 'built in';
}

/** One thing that is wrong with an event. Texts hold what the event wrote: data, never markup. */
export interface ViolationError {
  /** JSON pointer from the root of the body; of a missing field to where it should be. */
  readonly path: string;
  /** The keyword of JSON Schema that was broken; `decode` for bytes that their schema does not fit, or `unknown_reference`. */
  readonly rule: string;
  /** For a person, without a full stop. */
  readonly sentence: string;
  /** The value as JSON, cut; null where there is none. */
  readonly was: string | null;
  /** A key or value that was probably meant. */
  readonly near_miss: string | null;
  readonly schema: SchemaName | null;
}

/** What an event's schema says of it. */
export interface EventSchema {
  readonly status: SchemaStatus;
  /** The schema that describes its payload; null where none does. */
  readonly schema: SchemaName | null;
  /** At most 20; `complete` is false when there may be more. */
  readonly errors: readonly ViolationError[];
  readonly complete: boolean;
}

/** What an operator may say of a group. */
export const SAID_STATES = ['new', 'acknowledged', 'muted', 'resolved'] as const;

/** `back`: it was resolved, and events break it again. */
export const GROUP_STATES = [...SAID_STATES, 'back'] as const;

export type GroupState = (typeof GROUP_STATES)[number];

/** Events of one type and service that break one rule at one path of one schema. */
export interface ViolationGroup {
  /** 32 hex digits, of what makes the group. */
  readonly key: string;
  readonly event_type: string;
  readonly topic: string;
  readonly service: string | null;
  readonly whose: WhoseWire;
  readonly schema: SchemaName | null;
  /** When this version of its schema was first used, where the group began with it and another version came before; else null. */
  readonly schema_since: string | null;
  /**
   * As of its events, with `*` for places in lists; `*` alone, with the rule `more_paths`, is what is beyond the groups that
   * one type, service and schema may have.
   */
  readonly path: string;
  readonly rule: string;
  /** Of its newest event. */
  readonly sentence: string;
  /** Events in the range asked for. */
  readonly count: number;
  /** Of all events of this type and service in that range, 0 to 1; null where none were counted. */
  readonly share: number | null;
  readonly first_seen: string;
  readonly last_seen: string;
  /** Events per step of the range, oldest first. */
  readonly trend: readonly number[];
  readonly state: GroupState;
  readonly state_since: string | null;
  readonly muted_until: string | null;
  readonly note: string | null;
}

/** One event of the log. */
export interface ViolationEvent {
  /** `{cluster}/{topic}~{n}/{partition}/{offset}` */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly event_type: string;
  readonly service: string | null;
  readonly event_id: string | null;
  readonly correlation_id: string | null;
  readonly trace_key: string;
  readonly occurred_at: string;
  readonly stored_at: string;
  readonly errors: readonly ViolationError[];
}

export interface ViolationList extends AsOf {
  readonly from: string;
  readonly to: string;
  readonly step_s: number;
  /** Most events first; those that are muted or resolved come last. */
  readonly groups: readonly ViolationGroup[];
  readonly more_groups: boolean;
  /** Newest first; of the group asked for, or of all. */
  readonly violations: readonly ViolationEvent[];
  readonly next_cursor: string | null;
  /** Events stored in the range by what became of them. */
  readonly counts: Readonly<Record<SchemaStatus, string>>;
}

/** What the schemas in force cover of one event type. */
export interface SchemaCoverage {
  readonly event_type: string;
  readonly schema: SchemaName | null;
  /** Events in the range by what became of them. */
  readonly seen: string;
  readonly ok: string;
  readonly violating: string;
  readonly unchecked: string;
}

export interface SchemaList extends AsOf {
  /** Stored events that were held against other schemas than those in force, with those whose payload has expired. */
  readonly other_schemas: { readonly events: string; readonly unreachable: string };
  /** The newest job that holds them against those in force; null when there was none. */
  readonly job: JobWire | null;
  readonly from: string;
  readonly to: string;
  readonly event_types: readonly SchemaCoverage[];
  readonly schemas: readonly (SchemaName & {
    readonly source: string | null;
    readonly event_types: readonly string[];
  })[];
  /** Schema files that cannot be used, with line and reason. */
  readonly broken: readonly { readonly name: string; readonly line: number; readonly reason: string }[];
}

/** One line of a schema. `depth` is how deep it lies; `is_rule` marks the rule that is asked for. */
export interface ClauseLine {
  readonly depth: number;
  readonly text: string;
  readonly is_rule: boolean;
}

/** A rule where it stands, with the schema around it. */
export interface ClauseWire {
  /** The file or subject that it stands in: another one where a reference leads there. */
  readonly schema: SchemaName;
  /** JSON pointer to the keyword. */
  readonly pointer: string;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly lines: readonly ClauseLine[];
}

/** What breaks: new readers of old events (backward), old readers of new events (forward). */
export type BrokenReaders = 'backward' | 'forward' | 'both' | 'none';

/** The version before, and what has changed since. */
export interface VersionBefore {
  readonly schema: SchemaName;
  /** The rule as JSON in that version and in this one; null where it does not stand. */
  readonly was: string | null;
  readonly is: string | null;
  /** Whether this version accepts all events of that one, and that one all events of this one. */
  readonly backward: 'yes' | 'no' | 'unknown';
  readonly forward: 'yes' | 'no' | 'unknown';
  /** Those at the place that is asked for come first. */
  readonly changes: readonly {
    readonly path: string;
    readonly breaks: BrokenReaders;
    readonly may_break: BrokenReaders;
    readonly sentence: string;
    readonly is_here: boolean;
  }[];
  readonly more_changes: boolean;
  /** The two describe different parts of an event, and are not compared. */
  readonly other_part: boolean;
}

/** What a schema in force says of a rule at a path of an event. */
export interface SchemaSays {
  readonly schema: SchemaName;
  /** Where the rule stands. Several where branches hold for the same place; none where it is not found. */
  readonly clauses: readonly ClauseWire[];
  readonly more_clauses: boolean;
  /** Null where no older version is in force. */
  readonly before: VersionBefore | null;
}
