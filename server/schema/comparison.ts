import type { SchemaDocument, Undecided } from './compared-document.ts';
import {
  type Automaton,
  accepts,
  automatonOf,
  type Budget,
  type Difference,
  differenceOf,
} from './pattern-language.ts';
import { ofLength, type Pattern, parsePattern } from './pattern-syntax.ts';
import { AtomReader } from './read-atoms.ts';
import type { Atom, SchemaNode } from './schema-atom.ts';

/** Longer lengths are not counted by an automaton. */
const MOST_LENGTH = 300;

/** What every part of one comparison shares: how much may still be done, what was read, and why something is undecided. */
export class Comparison {
  readonly budget: Budget = { left: 0 };
  readonly reasons = new Set<Undecided>();
  readonly reader = new AtomReader(this.budget, this.reasons);
  readonly #automata = new Map<string, Automaton | null>();

  /** Takes one step; false when there is none left. */
  spend(): boolean {
    this.budget.left -= 1;
    if (this.budget.left >= 0) return true;
    this.reasons.add('too much work');
    return false;
  }

  rootAtoms(document: SchemaDocument): readonly Atom[] {
    return this.reader.atomsOf(this.reader.nodeOf(document, document.root));
  }

  /** Whether no value is valid, by the rules alone: a `false` among them. */
  isNever(node: SchemaNode): boolean {
    return this.reader.atomsOf(node).some(({ rule }) => rule.kind === 'never');
  }

  /** Whether a pattern is found in a text; null when that is not known. */
  matches(source: string, text: string): boolean | null {
    const automaton = this.#automaton(source);
    return automaton === null ? null : accepts(automaton, text, this.budget);
  }

  /**
   * Texts of all patterns and of a length that another pattern does not allow. Patterns that are not understood are left
   * out: `none` holds all the same, and an example is then only one to be tried.
   */
  textBeyond(texts: Texts, exclude: string | null): Difference {
    const beyond = exclude === null ? null : this.#automaton(exclude);
    if (exclude !== null && beyond === null) {
      this.reasons.add('rule not understood');
      return { kind: 'unknown' };
    }
    const include = texts.patterns.flatMap((source) => this.#automaton(source) ?? []);
    const length = this.#lengths(texts);
    return differenceOf(length === null ? include : [...include, length], beyond, this.budget);
  }

  #lengths({ least, most }: Texts): Automaton | null {
    const isCounted = least <= MOST_LENGTH && (most <= MOST_LENGTH || most === Number.POSITIVE_INFINITY);
    if (!isCounted || most < least || (least <= 0 && most === Number.POSITIVE_INFINITY)) return null;
    return this.#build(`${least} ${most}`, () => ofLength(Math.max(0, least), most));
  }

  #automaton(source: string): Automaton | null {
    return this.#build(`/${source}`, () => parsePattern(source));
  }

  #build(key: string, read: () => Pattern | null): Automaton | null {
    const known = this.#automata.get(key);
    if (known !== undefined) return known;
    const pattern = read();
    const automaton = pattern === null ? null : automatonOf(pattern, this.budget);
    if (automaton === null) this.reasons.add('rule not understood');
    this.#automata.set(key, automaton);
    return automaton;
  }
}

/** Texts by what is asked of them. */
export interface Texts {
  readonly patterns: readonly string[];
  readonly least: number;
  readonly most: number;
}
