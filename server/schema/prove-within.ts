import type { Json } from '../model/json.ts';
import type { Comparison } from './comparison.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import { holds } from './holds.ts';
import { possibleTypes } from './possible-types.ts';
import { type AreWithin, followsFields, followsItems } from './prove-inside.ts';
import { followsLimit } from './prove-limits.ts';
import { casesOf, MOST_BRANCHES, speaksOf } from './rule-cases.ts';
import { isSameRule } from './same-rule.ts';
import type { Atom, Rule, SchemaNode } from './schema-atom.ts';
import { type Facts, factsOf, isBoundWithin, STRING, textsOf } from './schema-facts.ts';

/** How deep a proof goes, by levels of an instance and by cases. */
const MOST_LEVELS = 40;
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

  #possibleTypes(atoms: readonly Atom[], facts: Facts, { level, cases }: At): TypeSet {
    const inside = { level: level + 1, cases };
    return possibleTypes(this.#comparison, atoms, facts, (inner) => this.#isEmpty(inner, inside));
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
        return followsLimit(this.#comparison, facts, rule);
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
        return followsFields(this.#comparison, facts, rule, this.#inside(at));
      case 'items':
        return followsItems(this.#comparison, facts, rule, this.#inside(at));
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

  /** The same claims one level further down. */
  #inside({ level, cases }: At): AreWithin {
    const { reader } = this.#comparison;
    const at = { level: level + 1, cases };
    return (inner, outer) => this.#isWithin(reader.atomsOfAll(inner), reader.atomsOf(outer), at);
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
