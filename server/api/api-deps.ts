import type { LiveHub } from '../live/create-live-hub.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reads } from '../ports/reads.ts';

/** What the handlers of API v1 work with; built by the runtime. */
export interface ApiDeps {
  readonly reads: Reads;
  readonly hub: LiveHub;
  readonly clock: Clock;
  /** Null when the database answers, else a plain sentence that names its address and never a secret. */
  readonly databaseTrouble: () => Promise<string | null>;
  /** Tells the log of this process of a surprise. */
  readonly report: (error: unknown) => void;
  readonly version: string;
}

/** Answers one request. */
export type Handler = (request: Request, deps: ApiDeps) => Promise<Response>;
