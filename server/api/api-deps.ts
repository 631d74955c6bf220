import type { LiveHub } from '../live/create-live-hub.ts';
import type { Ownership } from '../model/ownership.ts';
import type { AlertDesk, AlertHistory } from '../ports/alert-desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Receivers } from '../ports/deliveries.ts';
import type { DriftReader } from '../ports/drift.ts';
import type { DialectInForce, Explain, StoredRecords } from '../ports/explain.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { Reads } from '../ports/reads.ts';
import type { SchemaCatalog, ViolationStates } from '../ports/violations.ts';

/** What the handlers of API v1 work with; built by the runtime. */
export interface ApiDeps {
  readonly reads: Reads;
  readonly jobs: JobStore;
  readonly records: StoredRecords;
  /** The dialects in force, in the order they are tried. */
  readonly dialects: readonly DialectInForce[];
  readonly explain: Explain;
  /** The schemas in force; read when they are first asked for. */
  readonly schemas: () => Promise<SchemaCatalog>;
  readonly violations: ViolationStates;
  readonly drift: DriftReader;
  readonly deadLetters: DeadLetters;
  readonly receivers: Receivers;
  readonly alerts: AlertDesk;
  readonly alertHistory: AlertHistory;
  readonly ownership: Ownership;
  readonly hub: LiveHub;
  readonly clock: Clock;
  /** Null when the database answers, else a plain sentence that names its address and never a secret. */
  readonly databaseTrouble: () => Promise<string | null>;
  /** Tells the log of this process of a surprise. */
  readonly report: (error: unknown) => void;
  readonly version: string;
}

/** Answers one request of a method that the resource offers. */
export type Handler = (request: Request, deps: ApiDeps) => Promise<Response>;

/** The handler of each method a resource offers. */
export type Resource = { readonly [Method in 'GET' | 'POST' | 'PUT' | 'DELETE']?: Handler };
