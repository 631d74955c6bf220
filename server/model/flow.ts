/**
 * A flow the operator declares: traces that begin with one event type, and the types that end them. The name is what
 * pages call it.
 */
export interface DeclaredFlow {
  readonly name: string;
  readonly startsWith: string;
  readonly endsWith: readonly string[];
}
