import { isJsonObject, type Json } from '../model/json.ts';
import { quoted } from '../model/pointer-text.ts';
import { printValue } from '../model/print-value.ts';
import type { Comparison } from './comparison.ts';
import { ANY_KEY, ANY_PLACE, pathSegment } from './field-path.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import { ExampleSearch } from './find-example.ts';
import { isSameRule, Prover } from './prove-within.ts';
import type { Atom, FieldRules, Measure, Rule, Verdict } from './schema-atom.ts';
import type { ChangeKind, Limited } from './schema-change.ts';
import { ALL_TYPES, type Bound, type Facts, factsOf, fieldNodes, itemNodes, NUMBERS } from './schema-facts.ts';
import { valueKey } from './value-key.ts';

/** One difference, what it says, and whether it alone keeps each direction. */
export interface Difference {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly what: string;
  readonly verdicts: { readonly backward: Verdict; readonly forward: Verdict };
}

/** Differences told of two schemas, and how deep in an instance they are looked for. */
const MOST_DIFFERENCES = 200;
const MOST_LEVELS = 12;
/** Places of a list that are looked at one by one. */
const MOST_PLACES = 20;
/** Values that a sentence lists, and characters of each. */
const MOST_LISTED = 5;
const MOST_SHOWN = 40;

/** The differences of two versions of a schema, rule by rule and place by place. */
export function listDifferences(
  comparison: Comparison,
  old: readonly Atom[],
  now: readonly Atom[],
): { readonly differences: readonly Difference[]; readonly hasMore: boolean } {
  const list = new DifferenceList(comparison);
  list.compare(old, now, '', 0);
  return { differences: list.differences, hasMore: list.isFull };
}

/** Both versions at one place of an instance. */
interface Place {
  readonly old: readonly Atom[];
  readonly now: readonly Atom[];
  readonly was: Facts;
  readonly is: Facts;
  readonly path: string;
  readonly level: number;
}

class DifferenceList {
  readonly differences: Difference[] = [];
  readonly #comparison: Comparison;
  readonly #prover: Prover;
  readonly #search: ExampleSearch;
  /** Pairs being compared: a schema that contains itself is compared once on its way down. */
  readonly #open = new Set<string>();

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
    this.#prover = new Prover(comparison);
    this.#search = new ExampleSearch(comparison);
  }

  get isFull(): boolean {
    return this.differences.length >= MOST_DIFFERENCES || this.#comparison.budget.left < 0;
  }

  compare(old: readonly Atom[], now: readonly Atom[], path: string, level: number): void {
    const key = [old, now].map((atoms) => atoms.map(({ id }) => id).join()).join('|');
    if (this.#open.has(key) || level > MOST_LEVELS || this.isFull || !this.#comparison.spend()) return;
    this.#open.add(key);
    const place: Place = { old, now, was: factsOf(old), is: factsOf(now), path, level };
    this.#types(place);
    this.#values(place);
    for (const of of ['value', 'length', 'items', 'fields'] as const) this.#limits(place, of);
    this.#steps(place);
    this.#texts(place, 'pattern', place.was.patterns, place.is.patterns);
    this.#texts(place, 'format', [...place.was.formats], [...place.is.formats]);
    if (place.was.isUnique !== place.is.isUnique) {
      this.#add(
        place,
        'uniqueness changed',
        `Items of ${inside(place)} ${place.is.isUnique ? 'must differ from each other now' : 'may be the same now'}.`,
        ['unique items'],
      );
    }
    this.#fields(place);
    this.#items(place);
    this.#asWritten(place);
    this.#open.delete(key);
  }

  /** Judges the rules of some kinds by themselves, and adds what they are. */
  #add(place: Place, kind: ChangeKind, what: string, kinds: readonly Rule['kind'][]): void {
    const isMeant = ({ rule }: Atom) => kinds.includes(rule.kind);
    this.#judge(place, kind, what, place.old.filter(isMeant), place.now.filter(isMeant));
  }

  #judge(
    place: Place,
    kind: ChangeKind,
    what: string,
    old: readonly Atom[],
    now: readonly Atom[],
    path = place.path,
  ): void {
    if (this.isFull) return;
    const verdicts = { backward: this.#verdict(place.old, now), forward: this.#verdict(place.now, old) };
    this.differences.push({ path, kind, what, verdicts });
  }

  #verdict(inner: readonly Atom[], outer: readonly Atom[]): Verdict {
    if (this.#prover.isWithin(inner, outer)) return 'yes';
    return this.#search.find(inner, outer) === undefined ? 'unknown' : 'no';
  }

  #types(place: Place): void {
    const [was, is] = [typesOf(place.old), typesOf(place.now)];
    if (was === is) return;
    const how = (was & ~is) === 0 ? 'widened' : (is & ~was) === 0 ? 'narrowed' : 'changed';
    this.#add(place, `type ${how}`, `${opening(place)} changed from ${typeWords(was)} to ${typeWords(is)}.`, [
      'types',
      'never',
    ]);
  }

  #values(place: Place): void {
    const [was, is] = [place.was.values, place.is.values];
    if (was === is) return;
    const add = (kind: ChangeKind, what: string) => this.#add(place, kind, `${opening(place)} ${what}`, ['values']);
    const removed = is === null ? [] : beyond(was ?? [], is);
    const added = was === null ? [] : beyond(is ?? [], was);
    if (was === null) add('values listed', `may only be ${listed(is ?? [])} now.`);
    else if (is === null) add('values no longer listed', `could only be ${listed(was)}, and is free now.`);
    else if (removed.length > 0 && added.length > 0) {
      add('values changed', `may be ${listed(added)} now, and no longer ${listed(removed)}.`);
    } else if (removed.length > 0) add('values removed', `may no longer be ${listed(removed)}.`);
    else if (added.length > 0) add('values added', `may also be ${listed(added)} now.`);
  }

  #limits(place: Place, of: Measure): void {
    const [was, is] = [place.was, place.is].map(({ least, most }) => rangeWords(least[of], most[of]));
    if (was === undefined || is === undefined || was === is) return;
    const isMeant = ({ rule }: Atom) => (rule.kind === 'least' || rule.kind === 'most') && rule.of === of;
    const [old, now] = [place.old.filter(isMeant), place.now.filter(isMeant)];
    const how = this.#prover.isWithin(old, now) ? 'widened' : this.#prover.isWithin(now, old) ? 'narrowed' : 'changed';
    const [noun, text] = LIMITED[of];
    this.#judge(place, `${noun} ${how}`, `${text} ${inside(place)} was ${was} and is ${is} now.`, old, now);
  }

  #steps(place: Place): void {
    const [was, is] = [place.was.multiples, place.is.multiples].map((steps) =>
      [...new Set(steps)].sort().join(' and '),
    );
    if (was === undefined || is === undefined || was === is) return;
    const words = (steps: string) => (steps === '' ? 'any number' : `a multiple of ${steps}`);
    this.#add(place, 'step changed', `${opening(place)} was ${words(was)} and is ${words(is)} now.`, ['multiple']);
  }

  #texts(place: Place, kind: 'pattern' | 'format', was: readonly string[], is: readonly string[]): void {
    const removed = was.filter((text) => !is.includes(text));
    const added = is.filter((text) => !was.includes(text));
    const words = (texts: readonly string[]) => texts.map(quoted).join(' and ');
    const verb = kind === 'pattern' ? 'match' : 'have';
    const noun = kind === 'pattern' ? 'the pattern' : 'the format';
    if (removed.length > 0 && added.length > 0) {
      this.#add(
        place,
        `${kind} changed`,
        `${opening(place)} must ${verb} ${noun} ${words(added)} now, where it was ${words(removed)}.`,
        [kind],
      );
    } else if (added.length > 0) {
      this.#add(place, `${kind} added`, `${opening(place)} must ${verb} ${noun} ${words(added)} now.`, [kind]);
    } else if (removed.length > 0) {
      this.#add(place, `${kind} removed`, `${opening(place)} need no longer ${verb} ${noun} ${words(removed)}.`, [
        kind,
      ]);
    }
  }

  #fields(place: Place): void {
    const { was, is } = place;
    const [declaredOld, declaredNow] = [was, is].map(
      ({ fields }) => new Set(fields.flatMap(({ named }) => [...named.keys()])),
    );
    if (declaredOld === undefined || declaredNow === undefined) return;
    for (const name of new Set([...declaredOld, ...declaredNow, ...was.required, ...is.required])) {
      if (this.isFull) return;
      const field = `${place.path}/${pathSegment(name)}`;
      const [isOld, isNow] = [declaredOld.has(name), declaredNow.has(name)];
      if (isOld === isNow) this.#required(place, name, field);
      if (isOld && isNow) {
        const [old, now] = [was, is].map(({ fields }) => this.#fieldAtoms(fields, name));
        if (old !== undefined && now !== undefined) this.compare(old, now, field, place.level + 1);
      } else if (isNow) this.#fieldAdded(place, name, field);
      else if (isOld) this.#fieldRemoved(place, name, field);
    }
    this.#otherFields(place, new Set([...declaredOld, ...declaredNow]));
    this.#patternFields(place, new Set([...declaredOld, ...declaredNow]));
  }

  #required(place: Place, name: string, field: string): void {
    const [was, is] = [place.was.required.has(name), place.is.required.has(name)];
    if (was === is) return;
    const rule = [this.#comparison.reader.atom({ kind: 'required', names: [name] })];
    if (is)
      this.#judge(
        place,
        'field became required',
        `${quoted(field)} must be there now; it was optional.`,
        [],
        rule,
        field,
      );
    else
      this.#judge(
        place,
        'field became optional',
        `${quoted(field)} may be absent now; it was required.`,
        rule,
        [],
        field,
      );
  }

  #fieldAdded(place: Place, name: string, field: string): void {
    const isRequired = place.is.required.has(name) && !place.was.required.has(name);
    const atoms = this.#fieldAtoms(place.is.fields, name);
    const types = typeWords(typesOf(atoms));
    const [old, now] = this.#fieldRules(place, name);
    const wasFree = place.was.fields.every(({ rest }) => rest === null || !this.#comparison.isNever(rest));
    const free =
      wasFree && atoms.length > 0 ? ' Nothing was said of it before, so an old event may carry anything there.' : '';
    if (isRequired) {
      this.#judge(
        place,
        'required field added',
        `${quoted(field)} is new (${types}) and must be there.`,
        old,
        now,
        field,
      );
    } else
      this.#judge(
        place,
        'field added',
        `${quoted(field)} is new (${types}) and may be absent.${free}`,
        old,
        now,
        field,
      );
  }

  #fieldRemoved(place: Place, name: string, field: string): void {
    const [old, now] = this.#fieldRules(place, name);
    const isRefused = fieldNodes(this.#comparison, place.is.fields, name).some((node) =>
      this.#comparison.isNever(node),
    );
    const what = isRefused ? 'was removed, and is refused now.' : 'was removed, and may carry anything now.';
    this.#judge(place, 'field removed', `${quoted(field)} ${what}`, old, now, field);
  }

  /** The rules about one field alone, of the old version and of the new one. */
  #fieldRules(place: Place, name: string): readonly [readonly Atom[], readonly Atom[]] {
    const { reader } = this.#comparison;
    const rulesOf = ({ fields, required }: Facts): readonly Atom[] => [
      ...fieldNodes(this.#comparison, fields, name).map((node) =>
        reader.atom({ kind: 'fields', named: new Map([[name, node]]), patterns: [], rest: null }),
      ),
      ...(required.has(name) ? [reader.atom({ kind: 'required', names: [name] })] : []),
    ];
    return [rulesOf(place.was), rulesOf(place.is)];
  }

  #fieldAtoms(fields: readonly FieldRules[], name: string): readonly Atom[] {
    return this.#comparison.reader.atomsOfAll(fieldNodes(this.#comparison, fields, name));
  }

  /** Fields that neither version names. */
  #otherFields(place: Place, names: ReadonlySet<string>): void {
    const [old, now] = [place.was, place.is].map(({ fields }) => fields.flatMap(({ rest }) => rest ?? []));
    if (old === undefined || now === undefined) return;
    const { reader } = this.#comparison;
    const [oldAtoms, nowAtoms] = [reader.atomsOfAll(old), reader.atomsOfAll(now)];
    const [wasRefused, isRefused] = [old, now].map((nodes) => nodes.some((node) => this.#comparison.isNever(node)));
    if (wasRefused === isRefused) {
      if (wasRefused !== true) this.compare(oldAtoms, nowAtoms, `${place.path}/${ANY_KEY}`, place.level + 1);
      return;
    }
    const words = isRefused === true ? 'are refused now' : 'are allowed now';
    const rulesOf = ({ fields }: Facts) => fields.map((rules) => reader.atom(this.#onlyOthers(rules, names)));
    this.#judge(
      place,
      `other fields ${isRefused === true ? 'refused' : 'allowed'}`,
      `Fields of ${inside(place)} that the schema does not name ${words}.`,
      rulesOf(place.was),
      rulesOf(place.is),
    );
  }

  /** The same rules for all fields but those that are named, or match a pattern. */
  #onlyOthers({ patterns, rest }: FieldRules, names: ReadonlySet<string>): FieldRules {
    const { anything } = this.#comparison.reader;
    return {
      kind: 'fields',
      named: new Map([...names].map((name) => [name, anything])),
      patterns: patterns.map(([source]) => [source, anything]),
      rest,
    };
  }

  #patternFields(place: Place, names: ReadonlySet<string>): void {
    const [old, now] = [place.was, place.is].map(({ fields }) => new Map(fields.flatMap(({ patterns }) => patterns)));
    if (old === undefined || now === undefined) return;
    const { reader } = this.#comparison;
    for (const source of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(source), now.get(source)];
      if (was !== undefined && is !== undefined) {
        this.compare(reader.atomsOf(was), reader.atomsOf(is), `${place.path}/${ANY_KEY}`, place.level + 1);
        continue;
      }
      const rulesOf = ({ fields }: Facts) =>
        fields.map((rules) => reader.atom({ ...this.#onlyOthers(rules, names), patterns: rules.patterns }));
      const words = is === undefined ? 'are no longer ruled by it' : 'have rules of their own now';
      this.#judge(
        place,
        'fields by pattern changed',
        `Fields of ${inside(place)} whose names match ${quoted(source)} ${words}.`,
        rulesOf(place.was),
        rulesOf(place.is),
      );
    }
  }

  #items(place: Place): void {
    const { reader } = this.#comparison;
    const firsts = Math.max(0, ...[place.was, place.is].flatMap(({ items }) => items.map(({ first }) => first.length)));
    for (let index = 0; index < Math.min(firsts, MOST_PLACES); index += 1) {
      const [old, now] = [place.was, place.is].map(({ items }) => reader.atomsOfAll(itemNodes(items, index)));
      if (old !== undefined && now !== undefined) this.compare(old, now, `${place.path}/${index}`, place.level + 1);
    }
    const [old, now] = [place.was, place.is].map(({ items }) =>
      reader.atomsOfAll(items.flatMap(({ rest }) => rest ?? [])),
    );
    if (old !== undefined && now !== undefined) this.compare(old, now, `${place.path}/${ANY_PLACE}`, place.level + 1);
  }

  /** Rules that are compared as they are written. */
  #asWritten(place: Place): void {
    for (const [kind, change, words] of AS_WRITTEN) {
      const [old, now] = [place.old, place.now].map((atoms) =>
        atoms.filter(({ rule }) => rule.kind === kind || (kind === 'any of' && rule.kind === 'one of')),
      );
      if (old === undefined || now === undefined) continue;
      const isIn = (atoms: readonly Atom[]) => (atom: Atom) =>
        atoms.some((other) => other === atom || isSameRule(this.#comparison, atom.rule, other.rule));
      if (old.every(isIn(now)) && now.every(isIn(old))) continue;
      const names = [
        ...new Set([...old, ...now].flatMap(({ rule }) => (rule.kind === 'other' ? [quoted(rule.keyword)] : []))),
      ];
      const listedNames = names.length === 0 ? '' : ` (${names.slice(0, MOST_LISTED).join(', ')})`;
      this.#judge(place, change, `${words} of ${inside(place)}${listedNames} changed.`, old, now);
    }
  }
}

const AS_WRITTEN: readonly (readonly [Rule['kind'], ChangeKind, string])[] = [
  ['any of', 'alternatives changed', 'The alternatives'],
  ['not', 'exclusion changed', 'What is excluded'],
  ['condition', 'condition changed', 'A condition'],
  ['names', 'field names changed', 'The rule for names of fields'],
  ['other', 'rule changed', 'A rule'],
];

const LIMITED: Readonly<Record<Measure, readonly [Limited, string]>> = {
  value: ['range', 'The range of'],
  length: ['length', 'The length of'],
  items: ['item count', 'The number of items of'],
  fields: ['field count', 'The number of fields of'],
};

function inside({ path }: Place): string {
  return path === '' ? 'the event' : quoted(path);
}

function opening({ path }: Place): string {
  return path === '' ? 'The event' : quoted(path);
}

function typesOf(atoms: readonly Atom[]): TypeSet {
  return atoms.reduce(
    (types, { rule }) => (rule.kind === 'types' ? types & rule.types : rule.kind === 'never' ? 0 : types),
    ALL_TYPES,
  );
}

function typeWords(types: TypeSet): string {
  if (types === ALL_TYPES) return 'any type';
  // A number may be an integer, so the one word says both.
  const named = (types & NUMBERS) === NUMBERS ? types & ~typeSetOf('integer') : types;
  const words = FIELD_TYPES.filter((type) => (named & typeSetOf(type)) !== 0);
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function rangeWords(least: Bound | null, most: Bound | null): string {
  const from = least === null ? null : `${least.exclusive ? 'above' : 'at least'} ${least.limit}`;
  const to = most === null ? null : `${most.exclusive ? 'below' : 'at most'} ${most.limit}`;
  if (from === null || to === null) return from ?? to ?? 'free';
  return `${from} and ${to}`;
}

function beyond(values: readonly Json[], others: readonly Json[]): readonly Json[] {
  const keys = new Set(others.map(valueKey));
  return values.filter((value) => !keys.has(valueKey(value)));
}

function listed(values: readonly Json[]): string {
  const shown = values.slice(0, MOST_LISTED).map(shownValue);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} or one of ${more} more`;
  return shown.length < 2 ? (shown[0] ?? 'nothing') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

function shownValue(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  const { text, truncated } = printValue(value, MOST_SHOWN);
  return truncated && (isJsonObject(value) || Array.isArray(value)) ? `${text}…` : text;
}
