import type { Micros } from '../model/time.ts';
import type { GroupState, SchemaName, SchemaSays } from '../model/violation-wire.ts';

/** Filters of `GET /violations`; all but the range are optional, joined by and. */
export interface ViolationFilter {
  readonly from: Micros;
  readonly to: Micros;
  readonly eventType?: string;
  readonly service?: string;
  readonly path?: string;
  readonly rule?: string;
  /** Of groups; the events listed are of all states. */
  readonly state?: GroupState;
  /** Key of a group in UUID form. */
  readonly group?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** What an operator says of a group. */
export interface StateChange {
  /** Key of the group in UUID form. */
  readonly group: string;
  readonly state: Exclude<GroupState, 'back'>;
  /** Of `muted`; without it until somebody says otherwise. */
  readonly until?: Micros;
  readonly note?: string;
}

/** Writes what operators say of groups. */
export interface ViolationStates {
  /** False when there is no such group. */
  set(change: StateChange): Promise<boolean>;
}

/** A rule of a schema that events break; `rule` is empty when only the version before is asked for. */
export interface SchemaQuestion {
  /** Its name. */
  readonly schema: string;
  /** As the schema writes it; null for one without. */
  readonly version: string | null;
  /** JSON pointer from the root of the body. */
  readonly path: string;
  readonly rule: string;
}

/** The schemas in force of this process, by name. */
export interface SchemaCatalog {
  readonly schemas: readonly (SchemaName & {
    readonly source: string | null;
    readonly event_types: readonly string[];
  })[];
  readonly broken: readonly { readonly name: string; readonly line: number; readonly reason: string }[];
  /** What a schema in force says of a rule that events break; null when none of that name and version is in force. */
  says(asked: SchemaQuestion): SchemaSays | null;
  /** The newest schema for events of a type on a topic; null when none is for them. */
  schemaFor(eventType: string, topic: string): SchemaName | null;
}

/** The schemas of registries, as far as events named them. */
export interface RegistryNames {
  /** Events were held against them; of each name the newest version. */
  readonly schemas: readonly SchemaName[];
  /** Nothing can be held against them. */
  readonly broken: SchemaCatalog['broken'];
}

/** Stored events that were held against other schemas than those in force. */
export interface OtherSchemas {
  readonly events: bigint;
  /** Of those: events whose payload has expired, which stay so. */
  readonly unreachable: bigint;
}

/** Events of one type in a range, by what became of them. */
export interface CheckedType {
  readonly eventType: string;
  readonly topic: string;
  readonly seen: number;
  readonly ok: number;
  readonly violating: number;
  readonly unchecked: number;
}
