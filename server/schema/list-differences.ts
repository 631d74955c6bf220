import { quoted } from '../model/pointer-text.ts';
import type { Comparison } from './comparison.ts';
import {
  beyond,
  inside,
  LIMITED,
  listed,
  MOST_LISTED,
  opening,
  rangeWords,
  typesOf,
  typeWords,
} from './difference-words.ts';
import { type Differences, FieldDifferences, type Place } from './field-differences.ts';
import { ANY_PLACE } from './field-path.ts';
import { ExampleSearch } from './find-example.ts';
import { Prover } from './prove-within.ts';
import { isSameRule } from './same-rule.ts';
import type { Atom, Measure, Rule, Verdict } from './schema-atom.ts';
import type { ChangeKind } from './schema-change.ts';
import { factsOf, itemNodes } from './schema-facts.ts';

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

class DifferenceList implements Differences {
  readonly differences: Difference[] = [];
  readonly #comparison: Comparison;
  readonly #prover: Prover;
  readonly #search: ExampleSearch;
  readonly #fields: FieldDifferences;
  /** Pairs being compared: a schema that contains itself is compared once on its way down. */
  readonly #open = new Set<string>();

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
    this.#prover = new Prover(comparison);
    this.#search = new ExampleSearch(comparison);
    this.#fields = new FieldDifferences(comparison, this);
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
    for (const measure of ['value', 'length', 'items', 'fields'] as const) this.#limits(place, measure);
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
    this.#fields.compare(place);
    this.#items(place);
    this.#asWritten(place);
    this.#open.delete(key);
  }

  /** Judges the rules of some kinds by themselves, and adds what they are. */
  #add(place: Place, kind: ChangeKind, what: string, kinds: readonly Rule['kind'][]): void {
    const isMeant = ({ rule }: Atom) => kinds.includes(rule.kind);
    this.judge(place, kind, what, place.old.filter(isMeant), place.now.filter(isMeant));
  }

  judge(
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
    this.judge(place, `${noun} ${how}`, `${text} ${inside(place)} was ${was} and is ${is} now.`, old, now);
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
      this.judge(place, change, `${words} of ${inside(place)}${listedNames} changed.`, old, now);
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
