import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { Comparison } from './comparison.ts';
import { type TypeSet, typeSetOf } from './field-types.ts';
import type { Atom, FieldRules, ItemRules, Limit, Rule, SchemaNode, Verdict } from './schema-atom.ts';
import { MEASURED } from './schema-facts.ts';
import { valueKey } from './value-key.ts';

/** How deep values and the schemas that hold at once are followed. */
const MOST_DEPTH = 150;

/** Whether a value is valid. For the small values of a comparison, not for events: it trades speed for `unknown`. */
export function holds(comparison: Comparison, value: Json, atoms: readonly Atom[]): Verdict {
  return new Holding(comparison).all(value, atoms, 0);
}

/** The type of a value, as schemas have it. */
export function typeOfValue(value: Json): TypeSet {
  if (value === null) return typeSetOf('null');
  if (typeof value === 'number') return typeSetOf(Number.isInteger(value) ? 'integer' : 'number');
  if (typeof value === 'bigint') return typeSetOf('integer');
  if (typeof value === 'object') return typeSetOf(isJsonObject(value) ? 'object' : 'array');
  return typeSetOf(typeof value === 'string' ? 'string' : 'boolean');
}

const KEYS = new WeakMap<readonly Json[], ReadonlySet<string>>();

function keysOf(values: readonly Json[]): ReadonlySet<string> {
  const known = KEYS.get(values) ?? new Set(values.map(valueKey));
  KEYS.set(values, known);
  return known;
}

class Holding {
  readonly #comparison: Comparison;

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
  }

  all(value: Json, atoms: readonly Atom[], depth: number): Verdict {
    let verdict: Verdict = 'yes';
    for (const { rule } of atoms) {
      const one = this.#one(value, rule, depth);
      if (one === 'no') return 'no';
      if (one === 'unknown') verdict = 'unknown';
    }
    return verdict;
  }

  #node(value: Json, node: SchemaNode, depth: number): Verdict {
    return this.all(value, this.#comparison.reader.atomsOf(node), depth + 1);
  }

  #one(value: Json, rule: Rule, depth: number): Verdict {
    if (depth > MOST_DEPTH || !this.#comparison.spend()) return 'unknown';
    switch (rule.kind) {
      case 'never':
        return 'no';
      case 'types':
        return certain((typeOfValue(value) & rule.types) !== 0);
      case 'values':
        return certain(keysOf(rule.values).has(valueKey(value)));
      case 'least':
      case 'most':
        return certain(isWithin(value, rule));
      case 'multiple':
        return isMultiple(value, rule.of);
      case 'pattern':
        return typeof value === 'string' ? answer(this.#comparison.matches(rule.source, value)) : 'yes';
      case 'format':
        return typeof value === 'string' ? 'unknown' : 'yes';
      case 'required':
        return certain(!isJsonObject(value) || rule.names.every((name) => ownValue(value, name) !== undefined));
      case 'fields':
        return isJsonObject(value) ? this.#fields(value, rule, depth) : 'yes';
      case 'items':
        return Array.isArray(value) ? this.#items(value, rule, depth) : 'yes';
      case 'unique items':
        return certain(!Array.isArray(value) || new Set(value.map(valueKey)).size === value.length);
      case 'names':
        return isJsonObject(value) ? every(Object.keys(value).map((key) => this.#node(key, rule.node, depth))) : 'yes';
      case 'any of':
        return some(rule.branches.map((branch) => this.#node(value, branch, depth)));
      case 'one of':
        return one(rule.branches.map((branch) => this.#node(value, branch, depth)));
      case 'not':
        return opposite(this.#node(value, rule.node, depth));
      case 'condition':
        return this.#condition(value, rule, depth);
      case 'other':
        return 'unknown';
    }
  }

  #fields(object: JsonObject, { named, patterns, rest }: FieldRules, depth: number): Verdict {
    const verdicts: Verdict[] = [];
    for (const [key, child] of Object.entries(object)) {
      const node = named.get(key);
      if (node !== undefined) verdicts.push(this.#node(child, node, depth));
      let isOther: boolean | null = node === undefined;
      for (const [source, pattern] of patterns) {
        const matches = this.#comparison.matches(source, key);
        if (matches === true) verdicts.push(this.#node(child, pattern, depth));
        if (matches === null && this.#node(child, pattern, depth) !== 'yes') verdicts.push('unknown');
        if (matches === true) isOther = false;
        else if (matches === null && isOther === true) isOther = null;
      }
      if (rest === null || isOther === false) continue;
      const other = this.#node(child, rest, depth);
      verdicts.push(isOther === true || other === 'yes' ? other : 'unknown');
    }
    return every(verdicts);
  }

  #items(list: readonly Json[], { first, rest }: ItemRules, depth: number): Verdict {
    return every(
      list.map((item, place) => {
        const node = place < first.length ? first[place] : rest;
        return node === undefined || node === null ? 'yes' : this.#node(item, node, depth);
      }),
    );
  }

  #condition(value: Json, rule: Extract<Rule, { kind: 'condition' }>, depth: number): Verdict {
    const when = this.#node(value, rule.when, depth);
    const then = rule.then === null || when === 'no' ? 'yes' : this.#node(value, rule.then, depth);
    const otherwise = rule.otherwise === null || when === 'yes' ? 'yes' : this.#node(value, rule.otherwise, depth);
    if (when !== 'unknown') return when === 'yes' ? then : otherwise;
    return then === otherwise ? then : 'unknown';
  }
}

function certain(is: boolean): Verdict {
  return is ? 'yes' : 'no';
}

function answer(is: boolean | null): Verdict {
  return is === null ? 'unknown' : certain(is);
}

function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

function some(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

function one(verdicts: readonly Verdict[]): Verdict {
  const sure = verdicts.filter((verdict) => verdict === 'yes').length;
  if (sure > 1) return 'no';
  if (verdicts.includes('unknown')) return 'unknown';
  return certain(sure === 1);
}

function opposite(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : certain(verdict === 'no');
}

function isWithin(value: Json, { kind, of, limit, exclusive }: Limit): boolean {
  if ((typeOfValue(value) & MEASURED[of]) === 0) return true;
  const measured = measure(value);
  if (measured === null) return true;
  if (exclusive) return kind === 'least' ? measured > limit : measured < limit;
  return kind === 'least' ? measured >= limit : measured <= limit;
}

function measure(value: Json): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'string') return [...value].length;
  if (typeof value !== 'object' || value === null) return null;
  return isJsonObject(value) ? Object.keys(value).length : value.length;
}

/** Fractions and very large numbers are divided with rounding, by every validator in its own way. */
function isMultiple(value: Json, of: number): Verdict {
  if (typeof value === 'bigint') return 'unknown';
  if (typeof value !== 'number') return 'yes';
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return certain(value % of === 0);
  if (Number.isSafeInteger(of) && Math.abs(value) < 2 ** 40) return 'no';
  return 'unknown';
}
