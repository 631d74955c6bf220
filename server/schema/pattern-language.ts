import type { CharacterSet } from './character-set.ts';
import type { Pattern } from './pattern-syntax.ts';

/** An automaton that reads whole texts. State 0 is where it begins. */
export interface Automaton {
  readonly states: readonly AutomatonState[];
  readonly begin: StateSet;
}

interface AutomatonState {
  readonly set: CharacterSet;
  /** Where reading one of the characters leads, with all that can be reached from there without reading. */
  readonly next: StateSet;
}

/** Ascending numbers of states; `ACCEPT` among them says that the text may end here. */
type StateSet = readonly number[];

const ACCEPT = -1;
/** States of one automaton: `^[a-f0-9]{64,128}$` has 128. */
const MOST_STATES = 600;

/** Steps that may still be taken. Whatever needs more stays undecided. */
export interface Budget {
  left: number;
}

/** The automaton of a pattern; null when it is too large, or more than the budget is needed. */
export function automatonOf(pattern: Pattern, budget: Budget): Automaton | null {
  const builder = new Builder(budget);
  const begin = builder.add(pattern, { epsilon: [], accept: true });
  return begin === null ? null : builder.finish(begin);
}

/** What is known of the texts that all of some automata accept, and another one does not. */
export type Difference =
  | { readonly kind: 'none' }
  | { readonly kind: 'example'; readonly text: string }
  | { readonly kind: 'unknown' };

/**
 * The shortest text that every one of `include` accepts and `exclude` does not; `none` is proof that there is no such
 * text. Walks the product of the automata breadth first, with one character for all that none of them tells apart.
 */
export function differenceOf(include: readonly Automaton[], exclude: Automaton | null, budget: Budget): Difference {
  const all = exclude === null ? include : [...include, exclude];
  const characters = tellingCharacters(all);
  const begin: Place = { sets: all.map((automaton) => automaton.begin), before: null, character: '' };
  const seen = new Set([placeKey(begin)]);
  let front: Place[] = [begin];
  while (front.length > 0) {
    const next: Place[] = [];
    for (const place of front) {
      if (isDifferent(place, include.length)) return { kind: 'example', text: textOf(place) };
      for (const [code, character] of characters) {
        budget.left -= 1 + place.sets.reduce((sum, set) => sum + set.length, 0);
        if (budget.left < 0) return { kind: 'unknown' };
        const sets = place.sets.map((set, which) => step(all[which], set, code));
        if (sets.slice(0, include.length).some((set) => set.length === 0)) continue;
        const reached: Place = { sets, before: place, character };
        const key = placeKey(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(reached);
      }
    }
    front = next;
  }
  return { kind: 'none' };
}

/** Whether an automaton accepts a text; null when the budget ends before. */
export function accepts(automaton: Automaton, text: string, budget: Budget): boolean | null {
  let set = automaton.begin;
  for (const character of text) {
    budget.left -= 1 + set.length;
    if (budget.left < 0) return null;
    set = step(automaton, set, character.codePointAt(0) ?? 0);
  }
  return set.includes(ACCEPT);
}

interface Place {
  readonly sets: readonly StateSet[];
  readonly before: Place | null;
  readonly character: string;
}

function isDifferent({ sets }: Place, included: number): boolean {
  return sets.every((set, which) => set.includes(ACCEPT) === which < included);
}

function placeKey({ sets }: Place): string {
  return sets.map((set) => set.join()).join(';');
}

function textOf(place: Place): string {
  const characters: string[] = [];
  for (let at: Place | null = place; at !== null; at = at.before) characters.push(at.character);
  return characters.reverse().join('');
}

function step(automaton: Automaton | undefined, from: StateSet, code: number): StateSet {
  const to = new Set<number>();
  for (const number of from) {
    const state = automaton?.states[number];
    if (state === undefined || !has(state.set, code)) continue;
    for (const next of state.next) to.add(next);
  }
  return [...to].sort((a, b) => a - b);
}

function has(set: CharacterSet, code: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle]?.[1] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return low < set.length && (set[low]?.[0] ?? 0) <= code;
}

/** Preferred in examples: what people can read. */
const READABLE = [...'a0A-_ .'].map((character) => character.codePointAt(0) ?? 0);

/** One character of each class that no automaton tells apart. */
function tellingCharacters(automata: readonly Automaton[]): readonly (readonly [number, string])[] {
  const borders = new Set([0]);
  // States that came of one part share its set.
  const sets = new Set(automata.flatMap(({ states }) => states.map(({ set }) => set)));
  for (const set of sets) for (const [from, to] of set) borders.add(from).add(to + 1);
  const sorted = [...borders].filter((code) => code <= 0x10ffff).sort((a, b) => a - b);
  const codes = sorted.map((from, place) => {
    const to = (sorted[place + 1] ?? 0x110000) - 1;
    return READABLE.find((code) => code >= from && code <= to) ?? (from < 0x20 && to >= 0x20 ? 0x20 : from);
  });
  const rank = (code: number) => {
    const place = READABLE.indexOf(code);
    return place !== -1 ? place : code > 0x20 && code < 0x7f ? READABLE.length : READABLE.length + 1;
  };
  return codes.sort((a, b) => rank(a) - rank(b) || a - b).map((code) => [code, String.fromCodePoint(code)]);
}

/** A place between characters: what can be read from here, and whether the text may end. */
interface Link {
  readonly epsilon: (number | Link)[];
  readonly accept: boolean;
}

class Builder {
  readonly #states: { readonly set: CharacterSet; readonly to: Link }[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Adds a pattern before `end`; answers where it begins, or null when there are too many states. */
  add(pattern: Pattern, end: Link): Link | null {
    // Repetitions of what reads nothing make no state, so they are bounded by the work alone.
    this.#budget.left -= 1;
    if (this.#budget.left < 0) return null;
    switch (pattern.kind) {
      case 'one of':
        if (this.#states.length === MOST_STATES) return null;
        return { epsilon: [this.#states.push({ set: pattern.set, to: end }) - 1], accept: false };
      case 'sequence':
        return pattern.parts.reduceRight<Link | null>((next, part) => next && this.add(part, next), end);
      case 'either': {
        const begins = pattern.branches.map((branch) => this.add(branch, end));
        return begins.every((begin) => begin !== null) ? { epsilon: begins, accept: false } : null;
      }
      case 'repeat':
        return this.#repeat(pattern, end);
    }
  }

  #repeat({ part, least, most }: Extract<Pattern, { kind: 'repeat' }>, end: Link): Link | null {
    if (least > MOST_STATES || (most > MOST_STATES && most !== Number.POSITIVE_INFINITY)) return null;
    let begin: Link = end;
    if (most === Number.POSITIVE_INFINITY) {
      const loop: Link = { epsilon: [end], accept: false };
      const body = this.add(part, loop);
      if (body === null) return null;
      loop.epsilon.push(body);
      begin = loop;
    } else {
      for (let count = least; count < most; count += 1) {
        const body = this.add(part, begin);
        if (body === null) return null;
        begin = { epsilon: [end, body], accept: false };
      }
    }
    for (let count = 0; count < least; count += 1) {
      const body = this.add(part, begin);
      if (body === null) return null;
      begin = body;
    }
    return begin;
  }

  finish(begin: Link): Automaton | null {
    const states: AutomatonState[] = [];
    for (const { set, to } of this.#states) {
      states.push({ set, next: reachable(to, this.#budget) });
      if (this.#budget.left < 0) return null;
    }
    return { states, begin: reachable(begin, this.#budget) };
  }
}

function reachable(from: Link, budget: Budget): StateSet {
  const numbers = new Set<number>();
  const seen = new Set([from]);
  const open = [from];
  for (let link = open.pop(); link !== undefined; link = open.pop()) {
    if (link.accept) numbers.add(ACCEPT);
    budget.left -= link.epsilon.length;
    for (const next of link.epsilon) {
      if (typeof next === 'number') numbers.add(next);
      else if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return [...numbers].sort((a, b) => a - b);
}
