import type { DialectSpec } from '../model/dialect.ts';
import type { Explanation } from '../model/dialect-wire.ts';
import type { Incarnation, SourceRecord } from '../model/record.ts';

/** A dialect as it is in force, with where it is written. */
export interface DialectInForce {
  readonly spec: DialectSpec;
  readonly from: 'throughline.yaml' | 'built in';
  /** Line of `throughline.yaml`; null for a built-in one. */
  readonly line: number | null;
}

/** A record with the place it came from; a pasted one has a topic alone. */
export interface PlacedRecord {
  readonly record: SourceRecord;
  readonly topic: string;
  /** Null for a pasted one. */
  readonly stored: { readonly incarnation: Incarnation; readonly partition: number } | null;
}

/** Reads a record by the rules in force and says how, step by step. Stores nothing; never throws for data. */
export type Explain = (placed: PlacedRecord) => Promise<Explanation>;

/** Stored records as the source once delivered them. */
export interface StoredRecords {
  /** By record id. `absent`: nothing is stored there; `gone`: its bytes are expired or damaged. */
  record(id: string): Promise<PlacedRecord | 'absent' | 'gone'>;
}
