import type { ResolvedField } from '../model/event.ts';

/** Where a field may stand. A rule is data: the interpreter in `resolve-envelope.ts` gives it its meaning. */
export type Rule =
  /** A value in the JSON body, by the keys that lead to it. */
  | { readonly from: 'body'; readonly path: readonly string[] }
  /** A header by name, in any case; the first one of that name. It is not asked when the body has the key `unlessBodyHas`. */
  | { readonly from: 'header'; readonly name: string; readonly unlessBodyHas?: string };

/** One way of writing an envelope: when it applies, and in which order each field is looked for. */
export interface Dialect {
  readonly name: string;
  /** Keys the body must have (a null value counts) for the dialect to match. */
  readonly requires: readonly string[];
  readonly rules: Readonly<Record<ResolvedField, readonly Rule[]>>;
}

/** A rule for a body value: `body('payload', 'id')` is `/payload/id`. */
export function body(...path: readonly string[]): Rule {
  return { from: 'body', path };
}

/** A rule for a header. */
export function header(name: string, unlessBodyHas?: string): Rule {
  return unlessBodyHas === undefined ? { from: 'header', name } : { from: 'header', name, unlessBodyHas };
}

/** What the pages show as a field's origin: `body /payload/id`, `header x-correlation-id`. */
export function ruleOrigin(rule: Rule): string {
  return rule.from === 'body' ? `body /${rule.path.join('/')}` : `header ${rule.name}`;
}
