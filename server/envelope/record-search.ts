import { isJsonObject, type Json } from '../model/json.ts';
import type { Millis } from '../model/time.ts';
import type { TopicName } from '../model/topic-name.ts';
import { type BodySlots, follow } from './body-slots.ts';
import type { CompiledDialect, RuleSet } from './compile-rules.ts';
import type { CompiledCondition, CompiledRule } from './compiled-rule.ts';
import type { HasHeaders, HeaderSlots } from './header-slots.ts';

/** What resolution needs of a record beside its decoded body. */
export interface EnvelopeRecord extends HasHeaders {
  /** The record's own timestamp, to tell far times by; without it none is flagged. */
  readonly timestampMs?: Millis;
}

/** What it took to resolve one record; every figure is bounded by the rules, whatever the record is. */
export interface Effort {
  /** Conditions and rules that were tried. */
  steps: number;
  /** Headers looked at. */
  headers: number;
  /** Characters of JSON texts inside the body that were parsed. */
  innerCharacters: number;
}

/** JSON inside the body: this many characters of it are parsed for one record. */
export const MOST_INNER_CHARACTERS = 2_000_000;

/** One record under the rules: answers conditions and rules. Holds the rule set's places until the next record. */
export class RecordSearch {
  readonly effort: Effort = { steps: 0, headers: 0, innerCharacters: 0 };
  readonly topic: TopicName;
  readonly #rules: RuleSet;
  readonly #body: BodySlots;
  readonly #headers: HeaderSlots;
  #inner: Map<string, Json | undefined> | null = null;

  constructor(body: Json | null, record: HasHeaders, topic: TopicName, rules: RuleSet) {
    this.topic = topic;
    this.#rules = rules;
    this.#body = rules.slots.body;
    this.#headers = rules.slots.headers;
    this.#body.load(isJsonObject(body) ? body : null);
    this.#headers.load(record);
    this.effort.headers = this.#headers.seen;
  }

  /** The first dialect whose conditions all hold; `none` when there is no such. */
  dialect(): CompiledDialect {
    for (const dialect of this.#rules.dialects) if (this.failed(dialect) === null) return dialect;
    return this.#rules.none;
  }

  /** The first condition of a dialect that does not hold; null when all do. */
  failed({ when }: CompiledDialect): CompiledCondition | null {
    for (let index = 0; index < when.length; index += 1) {
      const condition = when[index];
      this.effort.steps += 1;
      if (condition !== undefined && (this.lacks(condition) || !this.#holds(condition))) return condition;
    }
    return null;
  }

  /** True when the body has not the key, or the record not the header, without which nothing is found. */
  lacks({ bodySlot, headerSlot }: Pick<CompiledRule, 'bodySlot' | 'headerSlot'>): boolean {
    if (bodySlot >= 0) return this.#body.lacks(bodySlot);
    return headerSlot >= 0 && (this.effort.headers === 0 || !this.#headers.has(headerSlot));
  }

  #holds({ test }: CompiledCondition): boolean {
    const [body, headers] = [this.#body, this.#headers];
    switch (test.kind) {
      case 'body has':
        for (const pointer of test.oneOf) if (body.at(pointer) !== undefined) return true;
        return false;
      case 'body is':
        return textIs(body.at(test.pointer), test.text);
      case 'header':
        return test.oneOf.some((slot) => headers.has(slot));
      case 'header is':
        return headers.value(test.slot)?.equals(Buffer.from(test.text)) === true;
      case 'header starts with':
        return headers.startsWith(test.prefix);
      case 'topic':
        return test.pattern.matches(this.topic.name);
    }
  }

  /** What stands where a rule looks, after its reader; undefined for nothing, null for what its reader makes nothing of. */
  value(rule: CompiledRule): Json | undefined {
    const standing = this.standing(rule);
    return standing === undefined || rule.reader === null ? standing : rule.reader(standing);
  }

  /** What stands where a rule looks, as it is; undefined for nothing. */
  standing({ place, unless }: CompiledRule): Json | undefined {
    const [body, headers] = [this.#body, this.#headers];
    if (place.from === 'body' && unless.length === 0) return body.at(place.pointer);
    for (const pointer of unless) if (body.at(pointer) !== undefined) return undefined;
    switch (place.from) {
      case 'body':
        return body.at(place.pointer);
      case 'inner body': {
        const text = body.at(place.pointer);
        const inner = typeof text === 'string' ? this.#innerJson(place.key, text) : undefined;
        return inner === undefined ? undefined : exact(follow(inner, place.inner));
      }
      case 'header': {
        if (place.slot === this.#rules.busSource && this.#isEnvironment()) return undefined;
        if (place.binary === null) return headers.text(place.slot);
        const bytes = headers.value(place.slot);
        return bytes === null ? undefined : place.binary(bytes);
      }
      case 'topic':
        return this.topic[place.part] ?? undefined;
      case 'topic and body': {
        const word = this.topic.bare ? body.at(place.pointer) : undefined;
        return typeof word === 'string' && word !== '' ? `${this.topic.type}/${word}` : undefined;
      }
    }
  }

  /** A bus that writes the topic's name as the event type writes its environment as the source. */
  #isEnvironment(): boolean {
    return this.#headers.text(this.#rules.busType) === this.topic.name;
  }

  /** The JSON of a text inside the body, parsed once; undefined for what is none, or too much. */
  #innerJson(key: string, text: string): Json | undefined {
    this.#inner ??= new Map();
    if (this.#inner.has(key)) return this.#inner.get(key);
    const fits = this.effort.innerCharacters + text.length <= MOST_INNER_CHARACTERS;
    if (fits) this.effort.innerCharacters += text.length;
    const value = fits ? parseObject(text) : undefined;
    this.#inner.set(key, value);
    return value;
  }
}

function parseObject(text: string): Json | undefined {
  if (!/^\s{0,100}\{/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A number that `JSON.parse` may have rounded is no id; inside a text there is no second, exact reading. */
function exact(value: Json | undefined): Json | undefined {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : value;
}

function textIs(value: Json | undefined, text: string): boolean {
  return value !== undefined && typeof value !== 'object' && String(value) === text;
}
