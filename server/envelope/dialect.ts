import type { ResolvedField } from '../model/event.ts';

/** Where a field may stand. A rule is data: the interpreter in `resolve-envelope.ts` gives it its meaning. */
export type Rule = {
  /** What the pages show as a field's origin: `body /payload/id`, `header x-correlation-id`. */
  readonly origin: string;
} & (
  | /** A value in the JSON body, by the keys that lead to it. */
  { readonly from: 'body'; readonly path: readonly string[] }
  /** A header by name, in any case; the first one of that name. It is not asked when the body has the key `unlessBodyHas`. */
  | { readonly from: 'header'; readonly name: string; readonly unlessBodyHas: string | null }
);

/** One way of writing an envelope: when it applies, and in which order each field is looked for. */
export interface Dialect {
  readonly name: string;
  /** Keys the body must have (a null value counts) for the dialect to match. */
  readonly requires: readonly string[];
  readonly rules: Readonly<Partial<Record<ResolvedField, readonly Rule[]>>>;
}

/** A rule for a body value: `body('payload', 'id')` is `/payload/id`. */
export function body(...path: readonly string[]): Rule {
  return { from: 'body', path, origin: `body /${path.join('/')}` };
}

/** A rule for a header. */
export function header(name: string, unlessBodyHas: string | null = null): Rule {
  return { from: 'header', name, unlessBodyHas, origin: `header ${name}` };
}
