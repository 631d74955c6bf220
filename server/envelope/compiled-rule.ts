import type { ResolvedField } from '../model/event.ts';
import type { Pointer, PointerSegment } from '../model/pointer-text.ts';
import type { Condition, ReaderName, Rule } from '../model/rule-text.ts';
import { parseTopicPattern } from '../model/topic-pattern.ts';
import type { BodyPointer, BodySlots } from './body-slots.ts';
import type { HeaderSlots } from './header-slots.ts';
import { headerText } from './readers/header-text.ts';
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
  | { readonly from: 'header'; readonly slot: number; readonly read: (bytes: Buffer) => string | undefined }
  | { readonly from: 'topic'; readonly part: 'type' | 'service' }
  | { readonly from: 'topic and body'; readonly pointer: BodyPointer };

export interface CompiledRule {
  /** The rule as it was written: the origin of what it finds. */
  readonly text: string;
  readonly place: CompiledPlace;
  readonly reader: Reader | null;
  readonly unless: readonly BodyPointer[];
}

export interface CompiledField {
  readonly field: ResolvedField;
  readonly rules: readonly CompiledRule[];
}

export interface CompiledCondition {
  readonly text: string;
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

export function compileRule(rule: Rule, text: string, slots: Slots): CompiledRule {
  return {
    text,
    place: compilePlace(rule, slots),
    reader: rule.reader === null ? null : READERS[rule.reader],
    unless: rule.unlessBodyHas.map((pointer) => compilePointer(pointer, slots)),
  };
}

export function compileCondition(condition: Condition, text: string, slots: Slots): CompiledCondition {
  return { text, test: compileTest(condition, slots) };
}

function compilePlace({ place, reader }: Rule, slots: Slots): CompiledPlace {
  switch (place.from) {
    case 'body': {
      const pointer = compilePointer(place.pointer, slots);
      if (place.inner === null) return { from: 'body', pointer };
      return { from: 'inner body', pointer, inner: place.inner, key: JSON.stringify(place.pointer) };
    }
    case 'header':
      return { from: 'header', slot: slots.headers.slotOf(place.name), read: headerReader(reader) };
    case 'topic':
      return place;
    case 'topic and body':
      return { from: 'topic and body', pointer: compilePointer(place.pointer, slots) };
  }
}

function headerReader(reader: ReaderName | null): (bytes: Buffer) => string | undefined {
  return reader === 'elastic-trace-id' || reader === 'elastic-span-id' ? elasticText : headerText;
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
  const [first, ...rest] = pointer;
  if (first === undefined) throw new RangeError('a pointer has a segment');
  return { slot: first.kind === 'key' ? slots.body.slotOf(first.key) : -1, first, rest };
}
