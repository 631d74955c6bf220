import type { Json } from '../model/json.ts';
import type { Comparison } from './comparison.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import { holds, typeOfValue } from './holds.ts';
import { isSame } from './same-value.ts';
import type { Atom, FieldRules, ItemRules, Limit, Rule, SchemaNode } from './schema-atom.ts';
import {
  ALL_TYPES,
  ARRAY,
  type Facts,
  factsOf,
  fieldNodes,
  isBoundWithin,
  isCrossed,
  itemNodes,
  MEASURED,
  NUMBERS,
  OBJECT,
  STRING,
  textsOf,
} from './schema-facts.ts';

/** How deep a proof goes, by levels of an instance and by cases. */
const MOST_LEVELS = 40;
/** Branches of one alternative that a proof goes through. */
const MOST_BRANCHES = 64;
/** Places at the beginning of a list that are looked at one by one to see that it cannot be. */
const MOST_PLACES = 4;

/** Where a proof is: how far down in the instance, and how many cases it has parted into. */
interface At {
  readonly level: number;
  readonly cases: number;
}

/**
 * Proves that every value valid under some rules is valid under others. `false` says that there is no proof, not that
 * there is none to be found.
 *
 * Every rule of the outer schema must follow from the rules of the inner one. Where one does not, the inner schema is
 * parted into cases: the branches of its alternatives, then its types. A claim that comes back further down in the
 * instance is taken as proven: values are finite, so its proof for smaller values carries the one for larger ones.
 */
export class Prover {
  readonly #comparison: Comparison;
  /** Claims being proven, with the level of the instance they are made at. */
  readonly #open = new Map<string, number>();
  readonly #known = new Map<string, boolean>();
  /** Claims that were taken as proven: what rests on one is not remembered. */
  #taken = 0;

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
  }

  /** Whether all that is valid under `inner` is certainly valid under `outer`. */
  isWithin(inner: readonly Atom[], outer: readonly Atom[]): boolean {
    return this.#isWithin(inner, outer, { level: 0, cases: 0 });
  }

  #isWithin(inner: readonly Atom[], outer: readonly Atom[], at: At): boolean {
    if (!this.#mayGoOn(at, inner.length + outer.length)) return false;
    const given = new Set(inner);
    const wanted = outer.filter((atom) => !given.has(atom));
    if (wanted.length === 0) return true;
    const key = `${idsOf(inner)}<${idsOf(wanted)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const level = this.#open.get(key);
    if (level !== undefined) {
      if (at.level > level) this.#taken += 1;
      return at.level > level;
    }
    this.#open.set(key, at.level);
    const takenBefore = this.#taken;
    const proven = this.#prove(inner, wanted, at);
    this.#open.delete(key);
    // A proof that was given up for want of work is not known to fail, yet nothing is left to try it again.
    if (!proven || this.#taken === takenBefore) this.#known.set(key, proven);
    return proven;
  }

  #mayGoOn({ level, cases }: At, atoms: number): boolean {
    // A step looks at every rule at least once.
    this.#comparison.budget.left -= Math.floor(atoms / 8);
    if (level + cases <= MOST_LEVELS) return this.#comparison.spend();
    this.#comparison.reasons.add('too deep');
    return false;
  }

  #prove(inner: readonly Atom[], outer: readonly Atom[], at: At): boolean {
    const facts = factsOf(inner);
    const types = this.#possibleTypes(inner, facts, at);
    if (types === 0) return true;
    if (facts.values !== null && this.#areValuesWithin(inner, outer, facts.values)) return true;
    const failing = outer.filter((atom) => !this.#follows(inner, facts, types, atom, at));
    if (failing.length === 0 || (inner.some(({ rule }) => rule.kind === 'not') && this.#isEmpty(inner, at)))
      return true;
    const cases = casesOf(this.#comparison, inner) ?? this.#typeCases(inner, facts.types, failing);
    const next = { level: at.level, cases: at.cases + 1 };
    return cases?.every((each) => this.#isWithin(each, failing, next)) ?? false;
  }

  #areValuesWithin(inner: readonly Atom[], outer: readonly Atom[], values: readonly Json[]): boolean {
    return values.every(
      (value) => holds(this.#comparison, value, inner) === 'no' || holds(this.#comparison, value, outer) === 'yes',
    );
  }

  /** One case for each type, where some rule leaves a choice. */
  #typeCases(inner: readonly Atom[], types: TypeSet, failing: readonly Atom[]): readonly (readonly Atom[])[] | null {
    const hasChoice = failing.some(({ rule }) => ['any of', 'one of', 'condition', 'not'].includes(rule.kind));
    const sets = FIELD_TYPES.map((type) => typeSetOf(type) & types).filter((set) => set !== 0);
    if (!hasChoice || sets.length < 2) return null;
    return sets.map((set) => [...inner, this.#comparison.reader.typeAtom(set)]);
  }

  #follows(inner: readonly Atom[], facts: Facts, types: TypeSet, { rule }: Atom, at: At): boolean {
    if ((speaksOf(rule) & types) === 0) return true;
    switch (rule.kind) {
      case 'never':
        return this.#isEmpty(inner, at);
      case 'types':
        return (types & ~rule.types) === 0;
      case 'values':
        return this.#areListed(inner, facts, types, rule);
      case 'least':
      case 'most':
        return this.#followsLimit(facts, rule);
      case 'multiple':
        return facts.multiples.some((of) => isMultipleOf(of, rule.of)) || (rule.of === 1 && isWhole(types));
      case 'pattern':
        return (
          facts.patterns.includes(rule.source) || this.#isNone(this.#comparison.textBeyond(textsOf(facts), rule.source))
        );
      case 'format':
        return facts.formats.has(rule.name);
      case 'required':
        return rule.names.every((name) => facts.required.has(name));
      case 'fields':
        return this.#followsFields(facts, rule, { level: at.level + 1, cases: at.cases });
      case 'items':
        return this.#followsItems(facts, rule, { level: at.level + 1, cases: at.cases });
      case 'unique items':
        return facts.isUnique || isBoundWithin(facts.most.items, { limit: 1, exclusive: false }, -1);
      case 'names':
        return this.#followsNames(inner, facts, rule.node, at);
      case 'any of':
        return rule.branches.some((branch) => this.#isWithinNode(inner, branch, at)) || this.#isWritten(inner, rule);
      case 'one of':
        return this.#followsOneOf(inner, rule.branches, at) || this.#isWritten(inner, rule);
      case 'not':
        return this.#followsNot(inner, rule.node, at) || this.#isWritten(inner, rule);
      case 'condition':
        return this.#followsCondition(inner, rule, at) || this.#isWritten(inner, rule);
      case 'other':
        return this.#isWritten(inner, rule);
    }
  }

  #isWithinNode(inner: readonly Atom[], node: SchemaNode, at: At): boolean {
    return this.#isWithin(inner, this.#comparison.reader.atomsOf(node), { level: at.level, cases: at.cases + 1 });
  }

  #areNodesWithin(inner: readonly SchemaNode[], outer: SchemaNode, at: At): boolean {
    const { reader } = this.#comparison;
    return this.#isWithin(reader.atomsOfAll(inner), reader.atomsOf(outer), at);
  }

  #isNone({ kind }: { readonly kind: string }): boolean {
    return kind === 'none';
  }

  /** Every value there is, where they are listed or of types that have few, is among those of a rule. */
  #areListed(inner: readonly Atom[], facts: Facts, types: TypeSet, rule: Rule): boolean {
    const isFew = (types & ~(typeSetOf('null') | typeSetOf('boolean'))) === 0;
    const values = facts.values ?? (isFew ? [null, true, false] : null);
    return values !== null && this.#areValuesWithin(inner, [this.#comparison.reader.atom(rule)], values);
  }

  #followsLimit(facts: Facts, rule: Limit): boolean {
    const side = rule.kind === 'least' ? 1 : -1;
    if (isBoundWithin(facts[rule.kind][rule.of], rule, side)) return true;
    const limit = Number(rule.limit);
    // No length is below nothing.
    if (rule.of !== 'value' && rule.kind === 'least' && (limit < 0 || (limit === 0 && !rule.exclusive))) return true;
    if (rule.of === 'length') return this.#followsLength(facts, rule.kind, limit);
    if (rule.of === 'fields' && rule.kind === 'least') return !rule.exclusive && facts.required.size >= limit;
    if (rule.of === 'fields') return !rule.exclusive && this.#mostFields(facts) <= limit;
    return rule.of === 'items' && rule.kind === 'most' && !rule.exclusive && this.#mostItems(facts) <= limit;
  }

  /** A pattern can bound the length. */
  #followsLength(facts: Facts, kind: Limit['kind'], limit: number): boolean {
    if (facts.patterns.length === 0) return false;
    const texts = textsOf(facts);
    const beyond =
      kind === 'least'
        ? { ...texts, most: Math.min(texts.most, Math.ceil(limit) - 1) }
        : { ...texts, least: Math.max(texts.least, Math.floor(limit) + 1) };
    return this.#isNone(this.#comparison.textBeyond(beyond, null));
  }

  #mostFields({ fields }: Facts): number {
    const closed = fields.filter(
      ({ patterns, rest }) => rest !== null && patterns.length === 0 && this.#comparison.isNever(rest),
    );
    return Math.min(Number.POSITIVE_INFINITY, ...closed.map(({ named }) => named.size));
  }

  #mostItems({ items }: Facts): number {
    const closed = items.filter(({ rest }) => rest !== null && this.#comparison.isNever(rest));
    return Math.min(Number.POSITIVE_INFINITY, ...closed.map(({ first }) => first.length));
  }

  /**
   * Every field that the inner schema allows must be within each schema that holds for it in the outer one. Names that
   * the inner one lists are looked at one by one; of all others those that match one of its patterns, and the rest.
   */
  #followsFields(facts: Facts, outer: FieldRules, at: At): boolean {
    // Of what it does not name, an outer schema without other rules asks nothing.
    const isOpen = outer.patterns.length === 0 && outer.rest === null;
    const ruled = facts.fields.flatMap(({ named }) => (isOpen ? [] : [...named.keys()]));
    const named = new Set([...outer.named.keys(), ...ruled]);
    for (const name of named) {
      const inner = fieldNodes(this.#comparison, facts.fields, name);
      const outerNodes = this.#possibleNodes(outer, name);
      if (!outerNodes.every((node) => this.#areNodesWithin(inner, node, at))) return false;
    }
    const others = facts.fields.flatMap(({ rest }) => rest ?? []);
    const patterns = facts.fields.flatMap((rules) => rules.patterns);
    for (const [source, node] of outer.patterns) {
      const touching = patterns.filter(([pattern]) => !this.#areApart(pattern, source));
      const isCovered = patterns.some(
        ([pattern, inner]) => this.#isPatternWithin(source, pattern) && this.#areNodesWithin([inner], node, at),
      );
      if (isCovered) continue;
      if (!this.#areNodesWithin(others, node, at)) return false;
      if (!touching.every(([, inner]) => this.#areNodesWithin([inner], node, at))) return false;
    }
    const { rest } = outer;
    if (rest === null) return true;
    const open = patterns.filter(
      ([pattern]) => !outer.patterns.some(([source]) => this.#isPatternWithin(pattern, source)),
    );
    return this.#areNodesWithin(others, rest, at) && open.every(([, inner]) => this.#areNodesWithin([inner], rest, at));
  }

  /** Every schema that may hold for a field of a name. */
  #possibleNodes({ named, patterns, rest }: FieldRules, name: string): readonly SchemaNode[] {
    const nodes: SchemaNode[] = [];
    const own = named.get(name);
    if (own !== undefined) nodes.push(own);
    let isOther = own === undefined;
    for (const [source, node] of patterns) {
      const matches = this.#comparison.matches(source, name);
      if (matches !== false) nodes.push(node);
      if (matches === true) isOther = false;
    }
    return isOther && rest !== null ? [...nodes, rest] : nodes;
  }

  #isPatternWithin(inner: string, outer: string): boolean {
    return inner === outer || this.#isNone(this.#comparison.textBeyond({ ...ANY_TEXT, patterns: [inner] }, outer));
  }

  #areApart(one: string, other: string): boolean {
    return this.#isNone(this.#comparison.textBeyond({ ...ANY_TEXT, patterns: [one, other] }, null));
  }

  #followsItems(facts: Facts, outer: ItemRules, at: At): boolean {
    const most = Math.min(
      facts.most.items === null ? Number.POSITIVE_INFINITY : Math.floor(Number(facts.most.items.limit)),
      this.#mostItems(facts),
    );
    const places = Math.max(outer.first.length, ...facts.items.map(({ first }) => first.length), 0);
    for (let place = 0; place < places; place += 1) {
      const node = place < outer.first.length ? outer.first[place] : outer.rest;
      if (place >= most) return true;
      if (node !== undefined && node !== null && !this.#areNodesWithin(itemNodes(facts.items, place), node, at))
        return false;
    }
    if (outer.rest === null || most <= places) return true;
    return this.#areNodesWithin(
      facts.items.flatMap(({ rest }) => rest ?? []),
      outer.rest,
      at,
    );
  }

  #followsNames(inner: readonly Atom[], facts: Facts, node: SchemaNode, at: At): boolean {
    const { reader } = this.#comparison;
    const text = reader.typeAtom(STRING);
    const names = inner.flatMap(({ rule }) => (rule.kind === 'names' ? reader.atomsOf(rule.node) : []));
    if (this.#isWithin([...names, text], reader.atomsOf(node), { level: at.level + 1, cases: at.cases })) return true;
    const closed = facts.fields.find(
      ({ patterns, rest }) => rest !== null && patterns.length === 0 && this.#comparison.isNever(rest),
    );
    if (closed === undefined) return false;
    return [...closed.named.keys()].every((name) => holds(this.#comparison, name, reader.atomsOf(node)) === 'yes');
  }

  #followsOneOf(inner: readonly Atom[], branches: readonly SchemaNode[], at: At): boolean {
    if (branches.length > MOST_BRANCHES) return false;
    const apart = branches.map((branch) => this.#isApart(inner, branch, at));
    return branches.some(
      (branch, which) =>
        apart.every((isApart, other) => other === which || isApart) && this.#isWithinNode(inner, branch, at),
    );
  }

  /** What excludes more excludes this. */
  #followsNot(inner: readonly Atom[], node: SchemaNode, at: At): boolean {
    if (this.#isApart(inner, node, at)) return true;
    const { reader } = this.#comparison;
    return inner.some(({ rule }) => rule.kind === 'not' && this.#isWithinNode(reader.atomsOf(node), rule.node, at));
  }

  #followsCondition(inner: readonly Atom[], rule: Extract<Rule, { kind: 'condition' }>, at: At): boolean {
    const { reader } = this.#comparison;
    const when = [...new Set([...inner, ...reader.atomsOf(rule.when)])];
    const isThen = rule.then === null || this.#isWithinNode(when, rule.then, at);
    if (!isThen || rule.otherwise === null) return isThen;
    return this.#isWithinNode([...new Set([...inner, reader.notAtom(rule.when)])], rule.otherwise, at);
  }

  /** Whether the inner schema has the same rule, word for word. */
  #isWritten(inner: readonly Atom[], rule: Rule): boolean {
    return inner.some((atom) => isSameRule(this.#comparison, atom.rule, rule));
  }

  /** Whether no value is valid under both. */
  #isApart(inner: readonly Atom[], node: SchemaNode, at: At): boolean {
    return this.#isEmpty([...new Set([...inner, ...this.#comparison.reader.atomsOf(node)])], at);
  }

  /** Whether no value is valid. */
  #isEmpty(atoms: readonly Atom[], { level, cases }: At): boolean {
    const at = { level, cases: cases + 1 };
    if (!this.#mayGoOn(at, atoms.length)) return false;
    if (this.#possibleTypes(atoms, factsOf(atoms), at) === 0) return true;
    return atoms.some((atom) => {
      const { rule } = atom;
      if (rule.kind !== 'not' && rule.kind !== 'any of' && rule.kind !== 'one of') return false;
      if (!this.#mayGoOn(at, atoms.length)) return false;
      const others = atoms.filter((other) => other !== atom);
      if (rule.kind === 'not') return this.#isWithinNode(others, rule.node, at);
      return (
        rule.branches.length <= MOST_BRANCHES && rule.branches.every((branch) => this.#isApart(others, branch, at))
      );
    });
  }

  /** The types that some valid value may have: all but those whose rules contradict each other. */
  #possibleTypes(atoms: readonly Atom[], facts: Facts, at: At): TypeSet {
    let { types } = facts;
    if (facts.values !== null) {
      const left = facts.values.filter((value) => holds(this.#comparison, value, atoms) !== 'no');
      types &= left.reduce((set: TypeSet, value) => set | typeOfValue(value), 0);
    }
    if (isCrossed(facts.least.value, facts.most.value)) types &= ~NUMBERS;
    if (isCrossed(facts.least.length, facts.most.length)) types &= ~STRING;
    if (isCrossed(facts.least.items, facts.most.items)) types &= ~ARRAY;
    if (isCrossed(facts.least.fields, facts.most.fields)) types &= ~OBJECT;
    if ((types & STRING) !== 0 && facts.patterns.length > 0) {
      if (this.#isNone(this.#comparison.textBeyond(textsOf(facts), null))) types &= ~STRING;
    }
    const inside = { level: at.level + 1, cases: at.cases };
    if ((types & OBJECT) !== 0 && this.#lacksField(facts, inside)) types &= ~OBJECT;
    if ((types & ARRAY) !== 0 && this.#lacksItem(facts, inside)) types &= ~ARRAY;
    return types;
  }

  /** Whether a field must be there that cannot be. */
  #lacksField(facts: Facts, at: At): boolean {
    if (facts.fields.length === 0) return false;
    return [...facts.required].some((name) => {
      const atoms = this.#comparison.reader.atomsOfAll(fieldNodes(this.#comparison, facts.fields, name));
      return atoms.length > 0 && this.#isEmpty(atoms, at);
    });
  }

  #lacksItem(facts: Facts, at: At): boolean {
    if (facts.items.length === 0 || facts.least.items === null) return false;
    const least = Math.min(MOST_PLACES, Math.ceil(Number(facts.least.items.limit)));
    return Array.from({ length: Math.max(0, least) }, (_, place) => place).some((place) => {
      const atoms = this.#comparison.reader.atomsOfAll(itemNodes(facts.items, place));
      return atoms.length > 0 && this.#isEmpty(atoms, at);
    });
  }
}

const ANY_TEXT = { least: 0, most: Number.POSITIVE_INFINITY };

/** Whether two rules that are compared as they are written say the same; false for those that are not. */
export function isSameRule(comparison: Comparison, one: Rule, other: Rule): boolean {
  const parts = partsOf(one);
  const others = partsOf(other);
  if (parts === null || others === null || one.kind !== other.kind || parts.length !== others.length) return false;
  if (one.kind === 'other' && other.kind === 'other' && one.keyword !== other.keyword) return false;
  return parts.every((part, place) => {
    const twin = others[place];
    if (part === null || twin === null || twin === undefined) return part === twin;
    return isSame(part, twin, comparison.budget);
  });
}

/** The cases of the first alternative among some rules, each with all other rules; null when there is none. */
export function casesOf(comparison: Comparison, atoms: readonly Atom[]): readonly (readonly Atom[])[] | null {
  for (const atom of atoms) {
    const branches = branchesOf(comparison, atom.rule);
    if (branches === null || branches.length > MOST_BRANCHES) continue;
    const others = atoms.filter((other) => other !== atom);
    return branches.map((branch) => [...new Set([...others, ...branch])]);
  }
  return null;
}

/** Whatever is valid under a rule is valid under one of its branches. */
function branchesOf({ reader }: Comparison, rule: Rule): readonly (readonly Atom[])[] | null {
  if (rule.kind === 'any of' || rule.kind === 'one of') return rule.branches.map((branch) => reader.atomsOf(branch));
  if (rule.kind !== 'condition') return null;
  const { when, then, otherwise } = rule;
  return [
    reader.atomsOfAll(then === null ? [when] : [when, then]),
    [reader.notAtom(when), ...(otherwise === null ? [] : reader.atomsOf(otherwise))],
  ];
}

/** What of a rule has to be the same to be the same rule; null for rules that are understood without. */
function partsOf(rule: Rule): readonly (Parameters<typeof isSame>[0] | null)[] | null {
  const part = (node: SchemaNode | null) => (node === null ? null : { value: node.schema, document: node.document });
  switch (rule.kind) {
    case 'any of':
    case 'one of':
      return rule.branches.map(part);
    case 'not':
      return [part(rule.node)];
    case 'condition':
      return [part(rule.when), part(rule.then), part(rule.otherwise)];
    case 'other':
      return rule.text === null ? null : [{ value: rule.text, document: rule.node.document }];
    default:
      return null;
  }
}

/** Types that a rule can refuse. */
function speaksOf(rule: Rule): TypeSet {
  switch (rule.kind) {
    case 'least':
    case 'most':
      return MEASURED[rule.of];
    case 'multiple':
      return NUMBERS;
    case 'pattern':
    case 'format':
      return STRING;
    case 'required':
    case 'fields':
    case 'names':
      return OBJECT;
    case 'items':
    case 'unique items':
      return ARRAY;
    default:
      return ALL_TYPES;
  }
}

function isMultipleOf(inner: number, outer: number): boolean {
  return inner === outer || (Number.isSafeInteger(inner) && Number.isSafeInteger(outer) && inner % outer === 0);
}

function isWhole(types: TypeSet): boolean {
  return (types & typeSetOf('number')) === 0;
}

function idsOf(atoms: readonly Atom[]): string {
  return atoms
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join();
}
