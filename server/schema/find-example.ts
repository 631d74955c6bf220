import type { Json } from '../model/json.ts';
import type { Comparison } from './comparison.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import { holds } from './holds.ts';
import { counts, numbers } from './limit-candidates.ts';
import { MOST_FIELDS, namesToTry } from './names-to-try.ts';
import { casesOf } from './rule-cases.ts';
import type { Atom, SchemaNode } from './schema-atom.ts';
import { type Facts, factsOf, fieldNodes, itemNodes, textsOf } from './schema-facts.ts';

/** How deep examples are nested. */
const MOST_LEVELS = 12;
/** Longest text and list of an example. */
const MOST_LENGTH = 600;
const MOST_ITEMS = 60;
/** Alternatives that are gone into, one inside another. */
const MOST_CASES = 3;
/**
 * Looks for a value that is valid under some rules and refused by others: the smallest things first, at and just beyond
 * every limit that one of them sets. What it finds is certain, since every candidate is tried on both; that it finds
 * nothing says nothing.
 */
export class ExampleSearch {
  readonly #comparison: Comparison;
  readonly #open = new Set<string>();
  /** What was found, or not, where all levels were there to look. */
  readonly #known = new Map<string, Json | undefined>();
  readonly #never: readonly Atom[];

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
    this.#never = [comparison.reader.atom({ kind: 'never' })];
  }

  /** A value valid under `inner` and not under `outer`; undefined when none was found. */
  find(inner: readonly Atom[], outer: readonly Atom[]): Json | undefined {
    return this.#find(inner, outer, 0);
  }

  #find(inner: readonly Atom[], outer: readonly Atom[], level: number): Json | undefined {
    const given = new Set(inner);
    if (outer.every((atom) => given.has(atom))) return undefined;
    const key = `${inner.map(({ id }) => id).join()}>${outer.map(({ id }) => id).join()}`;
    if (level > MOST_LEVELS || this.#open.has(key) || !this.#comparison.spend()) return undefined;
    if (this.#known.has(key)) return this.#known.get(key);
    this.#open.add(key);
    let found: Json | undefined;
    for (const candidate of this.#candidates(inner, outer, level, 0)) {
      if (!this.#comparison.spend()) break;
      if (holds(this.#comparison, candidate, outer) !== 'no' || holds(this.#comparison, candidate, inner) !== 'yes')
        continue;
      found = candidate;
      break;
    }
    this.#open.delete(key);
    if (found !== undefined || this.#open.size === 0) this.#known.set(key, found);
    return found;
  }

  /** A value that is valid. */
  #some(atoms: readonly Atom[], level: number): Json | undefined {
    return this.#find(atoms, this.#never, level);
  }

  *#candidates(inner: readonly Atom[], outer: readonly Atom[], level: number, cases: number): Generator<Json> {
    const facts = factsOf(inner);
    const hints = this.#hintsOf(outer);
    if (facts.values !== null) {
      yield* facts.values;
      return;
    }
    for (const hint of hints) yield* (hint.values ?? []).slice(0, MOST_ITEMS);
    for (const type of FIELD_TYPES) {
      if ((facts.types & typeSetOf(type)) !== 0) yield* this.#ofType(typeSetOf(type), facts, hints, level);
    }
    if (cases === MOST_CASES) return;
    for (const one of casesOf(this.#comparison, inner) ?? []) yield* this.#candidates(one, outer, level, cases + 1);
  }

  /** What the outer rules, and the branches of their alternatives, make worth trying. */
  #hintsOf(outer: readonly Atom[]): readonly Facts[] {
    const branches = outer.flatMap(({ rule }) => {
      if (rule.kind === 'any of' || rule.kind === 'one of') return rule.branches;
      if (rule.kind === 'not') return [rule.node];
      return rule.kind === 'condition' ? [rule.when, rule.then ?? [], rule.otherwise ?? []].flat() : [];
    });
    // Each is looked through for every type and field.
    this.#comparison.budget.left -= branches.length * 4;
    return [
      factsOf(outer),
      ...branches.slice(0, MOST_ITEMS).map((node) => factsOf(this.#comparison.reader.atomsOf(node))),
    ];
  }

  *#ofType(type: TypeSet, facts: Facts, hints: readonly Facts[], level: number): Generator<Json> {
    switch (type) {
      case typeSetOf('null'):
        yield null;
        return;
      case typeSetOf('boolean'):
        yield* [true, false];
        return;
      case typeSetOf('integer'):
        yield* numbers(facts, hints).filter((value) => Number.isInteger(value));
        return;
      case typeSetOf('number'):
        yield* numbers(facts, hints).filter((value) => !Number.isInteger(value));
        return;
      case typeSetOf('string'):
        yield* this.#strings(facts, hints);
        return;
      case typeSetOf('array'):
        yield* this.#lists(facts, hints, level + 1);
        return;
      default:
        yield* this.#objects(facts, hints, level + 1);
    }
  }

  *#strings(facts: Facts, hints: readonly Facts[]): Generator<Json> {
    const texts = textsOf(facts);
    if (facts.patterns.length > 0) {
      for (const source of new Set(hints.flatMap(({ patterns }) => patterns))) {
        const beyond = this.#comparison.textBeyond(texts, source);
        if (beyond.kind === 'example') yield beyond.text;
      }
      for (const length of new Set(hints.flatMap(({ least, most }) => [least.length, most.length]))) {
        const limit = Number(length?.limit ?? 0);
        for (const range of [
          { ...texts, most: Math.min(texts.most, limit - 1) },
          { ...texts, least: Math.max(texts.least, limit + 1) },
        ]) {
          const beyond = this.#comparison.textBeyond(range, null);
          if (beyond.kind === 'example') yield beyond.text;
        }
      }
      const any = this.#comparison.textBeyond(texts, null);
      if (any.kind === 'example') yield any.text;
      return;
    }
    for (const source of new Set(hints.flatMap(({ patterns }) => patterns))) {
      const beyond = this.#comparison.textBeyond(texts, source);
      if (beyond.kind === 'example') yield beyond.text;
      const within = this.#comparison.textBeyond({ ...texts, patterns: [source] }, null);
      if (within.kind === 'example') yield within.text;
    }
    for (const length of counts([facts, ...hints], 'length', MOST_LENGTH)) yield 'a'.repeat(length);
  }

  *#lists(facts: Facts, hints: readonly Facts[], level: number): Generator<Json> {
    const { reader } = this.#comparison;
    const itemAt = (place: number) => reader.atomsOfAll(itemNodes(facts.items, place));
    const lengths = counts([facts, ...hints], 'items', MOST_ITEMS);
    const firsts = [facts, ...hints].flatMap(({ items }) => items.map(({ first }) => first.length));
    for (const length of new Set([...lengths, ...firsts, ...firsts.map((first) => first + 1)])) {
      if (length > MOST_ITEMS) continue;
      const list = this.#filled(length, itemAt, facts.isUnique, level);
      if (list === null) continue;
      yield list;
      for (let place = 0; place < length; place += 1) {
        for (const hint of hints) {
          const nodes = itemNodes(hint.items, place);
          if (nodes.length === 0) continue;
          const item = this.#find(itemAt(place), reader.atomsOfAll(nodes), level);
          if (item !== undefined) yield list.with(place, item);
        }
        // Items beyond the first ones of every list of rules are all alike.
        if (place > Math.max(0, ...firsts)) break;
      }
    }
  }

  /** A list of valid items, each its own where they have to be. */
  #filled(
    length: number,
    atomsAt: (place: number) => readonly Atom[],
    isUnique: boolean,
    level: number,
  ): Json[] | null {
    const list: Json[] = [];
    for (let place = 0; place < length; place += 1) {
      const atoms = atomsAt(place);
      const others =
        isUnique && list.length > 0
          ? [this.#comparison.reader.atom({ kind: 'values', values: [...list] })]
          : this.#never;
      const item = this.#find(atoms, others, level);
      if (item === undefined) return null;
      list.push(item);
    }
    return list;
  }

  *#objects(facts: Facts, hints: readonly Facts[], level: number): Generator<Json> {
    const { reader } = this.#comparison;
    const names = namesToTry(this.#comparison, facts, hints);
    const atomsOf = (name: string) => reader.atomsOfAll(fieldNodes(this.#comparison, facts.fields, name));
    const base = new Map<string, Json>();
    for (const name of facts.required) {
      const value = this.#some(atomsOf(name), level);
      if (value === undefined) return;
      base.set(name, value);
    }
    const least = Math.max(...counts([facts], 'fields', MOST_FIELDS));
    for (const name of names) {
      if (base.size >= (facts.least.fields === null ? 0 : least - 1)) break;
      const value = base.has(name) ? undefined : this.#some(atomsOf(name), level);
      if (value !== undefined) base.set(name, value);
    }
    yield objectOf(base);
    // As many fields as a limit may be about: the largest of them all only at the end.
    const sizes = new Set(counts([facts, ...hints], 'fields', MOST_FIELDS));
    const full = new Map(base);
    for (const name of names) {
      for (const value of this.#fieldValues(atomsOf(name), hints, name, level)) {
        this.#comparison.budget.left -= base.size;
        yield objectOf(new Map(base).set(name, value));
        if (full.has(name)) continue;
        full.set(name, value);
        if (sizes.has(full.size)) yield objectOf(full);
      }
    }
    yield objectOf(full);
  }

  /** Values for one field: what an outer schema of it refuses, and any that is valid. */
  *#fieldValues(atoms: readonly Atom[], hints: readonly Facts[], name: string, level: number): Generator<Json> {
    for (const hint of hints) {
      const nodes: readonly SchemaNode[] = fieldNodes(this.#comparison, hint.fields, name);
      if (nodes.length === 0) continue;
      const value = this.#find(atoms, this.#comparison.reader.atomsOfAll(nodes), level);
      if (value !== undefined) yield value;
    }
    const some = this.#some(atoms, level);
    if (some !== undefined) yield some;
  }
}

/** An object under whatever names: `__proto__` is one like any other. */
function objectOf(fields: ReadonlyMap<string, Json>): Json {
  return Object.fromEntries(fields);
}
