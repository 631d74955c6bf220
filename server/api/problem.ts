import type { Problem } from '../model/wire.ts';

/** What a problem document says; `type` is made from `kind`. */
export interface ProblemInit extends Omit<Problem, 'type'> {
  /** Short name of the kind of problem, e.g. `bad-parameter`: the last part of `type`, stable for programs. */
  readonly kind: string;
}

/** The document of RFC 9457, as plain data. */
export function problemDocument({ kind, ...rest }: ProblemInit): Problem {
  return { type: `urn:throughline:problem:${kind}`, ...rest };
}

/** The answer that carries a problem document. */
export function problem(init: ProblemInit, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problemDocument(init)), {
    status: init.status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
}
