import type { ResolvedField } from '../model/event.ts';
import type { Pointer, PointerSegment } from '../model/pointer-text.ts';
import type { Condition, ReaderName, Rule } from '../model/rule-text.ts';
import { parseTopicPattern } from '../model/topic-pattern.ts';
import type { BodyPointer, BodySlots } from './body-slots.ts';
import type { HeaderSlots } from './header-slots.ts';
import { READERS, type Reader } from './readers/read-value.ts';
import { elasticText } from './readers/trace-headers.ts';

/** A place of a value, with the keys and names already looked up. */
export type CompiledPlace =
  | { readonly from: 'body'; readonly pointer: BodyPointer }
  | {
      readonly from: 'inner body';
      readonly pointer: BodyPointer;
      readonly inner: readonly PointerSegment[];
      readonly key: string;
    }
  | { readonly from: 'header'; readonly slot: number; readonly binary: ((bytes: Buffer) => string) | null }
  | { readonly from: 'topic'; readonly part: 'type' | 'service' }
  | { readonly from: 'topic and body'; readonly pointer: BodyPointer };

export interface CompiledRule {
  /** The rule as it was written: the origin of what it finds. */
  readonly text: string;
  /** Its place among the rules of its field. */
  readonly index: number;
  /** Key of the body and header without which it finds nothing, by their places; −1 for none. Most rules end here. */
  readonly bodySlot: number;
  readonly headerSlot: number;
  readonly place: CompiledPlace;
  readonly reader: Reader | null;
  readonly unless: readonly BodyPointer[];
}

export interface CompiledField {
  readonly field: ResolvedField;
  readonly rules: readonly CompiledRule[];
  /** Those that look at no header, for a record without. */
  readonly withoutHeaders: readonly CompiledRule[];
}

export interface CompiledCondition {
  readonly text: string;
  /** Key of the body and header without which it does not hold, by their places; −1 for none. */
  readonly bodySlot: number;
  readonly headerSlot: number;
  readonly test: CompiledTest;
}

export type CompiledTest =
  | { readonly kind: 'body has'; readonly oneOf: readonly BodyPointer[] }
  | { readonly kind: 'body is'; readonly pointer: BodyPointer; readonly text: string }
  | { readonly kind: 'header'; readonly oneOf: readonly number[] }
  | { readonly kind: 'header is'; readonly slot: number; readonly text: string }
  | { readonly kind: 'header starts with'; readonly prefix: number }
  | { readonly kind: 'topic'; readonly pattern: TopicTest };

/** Answers per topic, remembered: a pattern is matched once per name, not once per record. */
export class TopicTest {
  readonly #pattern: RegExp;
  readonly #answers = new Map<string, boolean>();

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  matches(name: string): boolean {
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    if (this.#answers.size >= MOST_REMEMBERED) this.#answers.clear();
    const answer = this.#pattern.test(name.slice(0, LONGEST_TOPIC));
    this.#answers.set(name, answer);
    return answer;
  }
}

const MOST_REMEMBERED = 10_000;
const LONGEST_TOPIC = 249;

/** Where rules look: the keys and header names that any rule asks for. */
export interface Slots {
  readonly body: BodySlots;
  readonly headers: HeaderSlots;
}

export function compileRule(rule: Rule, text: string, index: number, slots: Slots): CompiledRule {
  const place = compilePlace(rule, slots);
  return {
    text,
    index,
    bodySlot: 'pointer' in place ? place.pointer.slot : -1,
    headerSlot: place.from === 'header' ? place.slot : -1,
    place,
    reader: rule.reader === null ? null : READERS[rule.reader],
    unless: rule.unlessBodyHas.map((pointer) => compilePointer(pointer, slots)),
  };
}

export function compileCondition(condition: Condition, text: string, slots: Slots): CompiledCondition {
  const test = compileTest(condition, slots);
  return { text, ...slotsOf(test), test };
}

function slotsOf(test: CompiledTest): Pick<CompiledCondition, 'bodySlot' | 'headerSlot'> {
  switch (test.kind) {
    case 'body has':
      return { bodySlot: test.oneOf.length === 1 ? (test.oneOf[0]?.slot ?? -1) : -1, headerSlot: -1 };
    case 'body is':
      return { bodySlot: test.pointer.slot, headerSlot: -1 };
    case 'header':
      return { bodySlot: -1, headerSlot: test.oneOf.length === 1 ? (test.oneOf[0] ?? -1) : -1 };
    case 'header is':
      return { bodySlot: -1, headerSlot: test.slot };
    case 'header starts with':
    case 'topic':
      return { bodySlot: -1, headerSlot: -1 };
  }
}

function compilePlace({ place, reader }: Rule, slots: Slots): CompiledPlace {
  switch (place.from) {
    case 'body': {
      const pointer = compilePointer(place.pointer, slots);
      if (place.inner === null) return { from: 'body', pointer };
      return { from: 'inner body', pointer, inner: place.inner, key: JSON.stringify(place.pointer) };
    }
    case 'header':
      return { from: 'header', slot: slots.headers.slotOf(place.name), binary: isElastic(reader) ? elasticText : null };
    case 'topic':
      return place;
    case 'topic and body':
      return { from: 'topic and body', pointer: compilePointer(place.pointer, slots) };
  }
}

/** Elastic's header may be bytes of its own form; the others are read as texts. */
function isElastic(reader: ReaderName | null): boolean {
  return reader === 'elastic-trace-id' || reader === 'elastic-span-id';
}

function compileTest(condition: Condition, slots: Slots): CompiledTest {
  switch (condition.kind) {
    case 'body has':
      return { kind: 'body has', oneOf: condition.oneOf.map((pointer) => compilePointer(pointer, slots)) };
    case 'body is':
      return { kind: 'body is', pointer: compilePointer(condition.pointer, slots), text: condition.text };
    case 'header':
      return { kind: 'header', oneOf: condition.oneOf.map((name) => slots.headers.slotOf(name)) };
    case 'header is':
      return { kind: 'header is', slot: slots.headers.slotOf(condition.name), text: condition.text };
    case 'header starts with':
      return { kind: 'header starts with', prefix: slots.headers.prefixOf(condition.prefix) };
    case 'topic': {
      const pattern = parseTopicPattern(condition.pattern);
      if (!pattern.ok) throw new RangeError(pattern.problem);
      return { kind: 'topic', pattern: new TopicTest(pattern.value) };
    }
  }
}

function compilePointer(pointer: Pointer, slots: Slots): BodyPointer {
  const [first] = pointer;
  if (first === undefined) throw new RangeError('a pointer has a segment');
  return { slot: first.kind === 'key' ? slots.body.slotOf(first.key) : -1, segments: pointer };
}
