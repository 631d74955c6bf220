import type { RuleOrigin, StoredRule } from '../model/alert-rule.ts';

const RANK: Readonly<Record<RuleOrigin, number>> = { 'throughline.yaml': 0, page: 1, 'built in': 2 };

/** All rules in order: of one name that of the file counts, then the page's, then the built-in one. */
export function rulesInForce(rules: readonly StoredRule[]): readonly (StoredRule & { readonly shadowed: boolean })[] {
  const seen = new Set<string>();
  return [...rules]
    .sort((a, b) => RANK[a.origin] - RANK[b.origin])
    .map((rule) => {
      const shadowed = seen.has(rule.written.name);
      seen.add(rule.written.name);
      return { ...rule, shadowed };
    });
}
