/**
 * A flow the operator declares: traces that begin with one event type, and the types that end them. The name is what
 * pages call it.
 */
export interface DeclaredFlow {
  readonly name: string;
  readonly startsWith: string;
  readonly endsWith: readonly string[];
  /** What happens in it, in order; absent where nobody says. */
  readonly steps?: readonly FlowStep[];
}

/** One step of a declared flow. */
export interface FlowStep {
  readonly eventType: string;
  /** How soon it follows the step before. */
  readonly withinMs: number;
  /** Who produces it, and the consumer group that should act for it to happen; null where nobody says. */
  readonly service: string | null;
  readonly group: string | null;
}

/** How soon a step follows where nobody says otherwise. */
export const STEP_WITHIN_MS = 30_000;
