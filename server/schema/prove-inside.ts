import type { Comparison } from './comparison.ts';
import { mostItems } from './prove-limits.ts';
import type { FieldRules, ItemRules, SchemaNode } from './schema-atom.ts';
import { type Facts, fieldNodes, itemNodes } from './schema-facts.ts';

/** Proves that all that is valid under some schemas inside of an instance is valid under another one. */
export type AreWithin = (inner: readonly SchemaNode[], outer: SchemaNode) => boolean;

const ANY_TEXT = { least: 0, most: Number.POSITIVE_INFINITY };

/**
 * Every field that the inner schema allows must be within each schema that holds for it in the outer one. Names that
 * the inner one lists are looked at one by one; of all others those that match one of its patterns, and the rest.
 */
export function followsFields(comparison: Comparison, facts: Facts, outer: FieldRules, areWithin: AreWithin): boolean {
  // Of what it does not name, an outer schema without other rules asks nothing.
  const isOpen = outer.patterns.length === 0 && outer.rest === null;
  const ruled = facts.fields.flatMap(({ named }) => (isOpen ? [] : [...named.keys()]));
  const named = new Set([...outer.named.keys(), ...ruled]);
  for (const name of named) {
    const inner = fieldNodes(comparison, facts.fields, name);
    const outerNodes = possibleNodes(comparison, outer, name);
    if (!outerNodes.every((node) => areWithin(inner, node))) return false;
  }
  const others = facts.fields.flatMap(({ rest }) => rest ?? []);
  const patterns = facts.fields.flatMap((rules) => rules.patterns);
  for (const [source, node] of outer.patterns) {
    const touching = patterns.filter(([pattern]) => !areApart(comparison, pattern, source));
    const isCovered = patterns.some(
      ([pattern, inner]) => isPatternWithin(comparison, source, pattern) && areWithin([inner], node),
    );
    if (isCovered) continue;
    if (!areWithin(others, node)) return false;
    if (!touching.every(([, inner]) => areWithin([inner], node))) return false;
  }
  const { rest } = outer;
  if (rest === null) return true;
  const open = patterns.filter(
    ([pattern]) => !outer.patterns.some(([source]) => isPatternWithin(comparison, pattern, source)),
  );
  return areWithin(others, rest) && open.every(([, inner]) => areWithin([inner], rest));
}

/** Every schema that may hold for a field of a name. */
function possibleNodes(
  comparison: Comparison,
  { named, patterns, rest }: FieldRules,
  name: string,
): readonly SchemaNode[] {
  const nodes: SchemaNode[] = [];
  const own = named.get(name);
  if (own !== undefined) nodes.push(own);
  let isOther = own === undefined;
  for (const [source, node] of patterns) {
    const matches = comparison.matches(source, name);
    if (matches !== false) nodes.push(node);
    if (matches === true) isOther = false;
  }
  return isOther && rest !== null ? [...nodes, rest] : nodes;
}

function isPatternWithin(comparison: Comparison, inner: string, outer: string): boolean {
  return inner === outer || comparison.textBeyond({ ...ANY_TEXT, patterns: [inner] }, outer).kind === 'none';
}

function areApart(comparison: Comparison, one: string, other: string): boolean {
  return comparison.textBeyond({ ...ANY_TEXT, patterns: [one, other] }, null).kind === 'none';
}

/** Every item that the inner schema allows must be within the schema of its place in the outer one. */
export function followsItems(comparison: Comparison, facts: Facts, outer: ItemRules, areWithin: AreWithin): boolean {
  const most = Math.min(
    facts.most.items === null ? Number.POSITIVE_INFINITY : Math.floor(Number(facts.most.items.limit)),
    mostItems(comparison, facts),
  );
  const places = Math.max(outer.first.length, ...facts.items.map(({ first }) => first.length), 0);
  for (let place = 0; place < places; place += 1) {
    const node = place < outer.first.length ? outer.first[place] : outer.rest;
    if (place >= most) return true;
    if (node !== undefined && node !== null && !areWithin(itemNodes(facts.items, place), node)) return false;
  }
  if (outer.rest === null || most <= places) return true;
  return areWithin(
    facts.items.flatMap(({ rest }) => rest ?? []),
    outer.rest,
  );
}
