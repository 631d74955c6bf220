import { quoted } from '../model/pointer-text.ts';
import type { Comparison } from './comparison.ts';
import { inside, typesOf, typeWords } from './difference-words.ts';
import { ANY_KEY, pathSegment } from './field-path.ts';
import type { Atom, FieldRules } from './schema-atom.ts';
import type { ChangeKind } from './schema-change.ts';
import { type Facts, fieldNodes } from './schema-facts.ts';

/** Both versions at one place of an instance. */
export interface Place {
  readonly old: readonly Atom[];
  readonly now: readonly Atom[];
  readonly was: Facts;
  readonly is: Facts;
  readonly path: string;
  readonly level: number;
}

/** Where differences are added to. */
export interface Differences {
  readonly isFull: boolean;
  /** Compares what lies further down. */
  compare(old: readonly Atom[], now: readonly Atom[], path: string, level: number): void;
  /** Judges some rules of a place by themselves, and adds what they are; at another path where one is given. */
  judge(place: Place, kind: ChangeKind, what: string, old: readonly Atom[], now: readonly Atom[], path?: string): void;
}

/** Finds what changed of the fields of objects. */
export class FieldDifferences {
  readonly #comparison: Comparison;
  readonly #list: Differences;

  constructor(comparison: Comparison, list: Differences) {
    this.#comparison = comparison;
    this.#list = list;
  }

  /** What changed of the fields of a place. */
  compare(place: Place): void {
    const { was, is } = place;
    const [declaredOld, declaredNow] = [was, is].map(
      ({ fields }) => new Set(fields.flatMap(({ named }) => [...named.keys()])),
    );
    if (declaredOld === undefined || declaredNow === undefined) return;
    for (const name of new Set([...declaredOld, ...declaredNow, ...was.required, ...is.required])) {
      if (this.#list.isFull) return;
      const field = `${place.path}/${pathSegment(name)}`;
      const [isOld, isNow] = [declaredOld.has(name), declaredNow.has(name)];
      if (isOld === isNow) this.#required(place, name, field);
      if (isOld && isNow) {
        const [old, now] = [was, is].map(({ fields }) => this.#fieldAtoms(fields, name));
        if (old !== undefined && now !== undefined) this.#list.compare(old, now, field, place.level + 1);
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
      this.#list.judge(
        place,
        'field became required',
        `${quoted(field)} must be there now; it was optional.`,
        [],
        rule,
        field,
      );
    else
      this.#list.judge(
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
      this.#list.judge(
        place,
        'required field added',
        `${quoted(field)} is new (${types}) and must be there.`,
        old,
        now,
        field,
      );
    } else
      this.#list.judge(
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
    this.#list.judge(place, 'field removed', `${quoted(field)} ${what}`, old, now, field);
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
      if (wasRefused !== true) this.#list.compare(oldAtoms, nowAtoms, `${place.path}/${ANY_KEY}`, place.level + 1);
      return;
    }
    const words = isRefused === true ? 'are refused now' : 'are allowed now';
    const rulesOf = ({ fields }: Facts) => fields.map((rules) => reader.atom(this.#onlyOthers(rules, names)));
    this.#list.judge(
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
        this.#list.compare(reader.atomsOf(was), reader.atomsOf(is), `${place.path}/${ANY_KEY}`, place.level + 1);
        continue;
      }
      const rulesOf = ({ fields }: Facts) =>
        fields.map((rules) => reader.atom({ ...this.#onlyOthers(rules, names), patterns: rules.patterns }));
      const words = is === undefined ? 'are no longer ruled by it' : 'have rules of their own now';
      this.#list.judge(
        place,
        'fields by pattern changed',
        `Fields of ${inside(place)} whose names match ${quoted(source)} ${words}.`,
        rulesOf(place.was),
        rulesOf(place.is),
      );
    }
  }
}
