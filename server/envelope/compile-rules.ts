import { type DialectSpec, FIELD_NAMES } from '../model/dialect.ts';
import type { Resolution, ResolvedField } from '../model/event.ts';
import type { Parsed } from '../model/pointer-text.ts';
import { MOST_RULES_PER_FIELD, parseCondition, parseRule } from '../model/rule-text.ts';
import { BodySlots } from './body-slots.ts';
import { BUILT_IN_DIALECTS, NO_DIALECT } from './built-in/built-in-dialects.ts';
import { isDeadLetterBody } from './built-in/dead-letter-dialects.ts';
import {
  type CompiledCondition,
  type CompiledField,
  compileCondition,
  compileRule,
  type Slots,
} from './compiled-rule.ts';
import { HeaderSlots } from './header-slots.ts';
import { KnownResolutions } from './known-resolutions.ts';

/** Version of the built-in rules; with the operator's it makes the digest that events are stored under. */
export const RESOLVER_VERSION = 4;

/** A dialect, ready to be used. */
export interface CompiledDialect {
  readonly name: string;
  /** Its body is a dead letter's, whatever the topic is called. */
  readonly deadLetter: boolean;
  readonly when: readonly CompiledCondition[];
  /** All fields, in the order of `FIELD_NAMES`. */
  readonly fields: readonly CompiledField[];
  /** What it answered so far, by the rules that found something. */
  readonly resolutions: KnownResolutions;
  /** The answer without origins, for when there are too many combinations. */
  readonly bare: Resolution;
}

/** All rules in force. Immutable to its users; inside it keeps the places of one record at a time. */
export interface RuleSet {
  readonly dialects: readonly CompiledDialect[];
  /** Reads what no dialect matches. */
  readonly none: CompiledDialect;
  /** The dialects as data, in the order they are tried. */
  readonly specs: readonly { readonly spec: DialectSpec; readonly from: 'throughline.yaml' | 'built in' }[];
  /** A text that is the same exactly when the rules are: the operator's dialects and the version of the built-in ones. */
  readonly digest: string;
  readonly slots: Slots;
  /** Headers that name a correlation id, for the comparison with the body's. */
  readonly correlationHeaders: readonly number[];
  /** Headers, and beginnings of headers, that only dead letters have, and those of a record that was sent again. */
  readonly deadLetterHeaders: readonly number[];
  readonly deadLetterPrefixes: readonly number[];
  /** Beginning of headers that dead letters have, and records of a retry topic too. */
  readonly failurePrefix: number;
  readonly replayHeaders: readonly number[];
  /** A bus's `source` is the environment, no service, where its `event_type` is the topic's name. */
  readonly busSource: number;
  readonly busType: number;
}

const CORRELATION_HEADERS = ['x-correlation-id', 'correlation_id', 'correlation-id', 'ce_correlationid'];
const DEAD_LETTER_HEADERS = ['dlq_topic', 'NServiceBus.FailedQ', 'MT-Reason', 'x-quarantine-reason'];
const DEAD_LETTER_PREFIXES = [
  'kafka_dlt-',
  '__connect.errors.',
  '__streams.errors.',
  '__dlq.errors.',
  'MT-Fault-',
  'NServiceBus.ExceptionInfo.',
];
const FAILURE_PREFIX = 'kafka_exception-';
const REPLAY_HEADERS = ['x-replay-count', 'x-redrive-count', 'x-redrive-id'];

/**
 * The operator's dialects, then the built-in ones. Throws a RangeError for a text that is no rule: the configuration is
 * checked before it comes here.
 */
export function compileRules(own: readonly DialectSpec[]): RuleSet {
  const slots = { body: new BodySlots(), headers: new HeaderSlots() };
  const specs = [
    ...own.map((spec) => ({ spec, from: 'throughline.yaml' as const })),
    ...BUILT_IN_DIALECTS.map((spec) => ({ spec, from: 'built in' as const })),
  ];
  const headers = (names: readonly string[]) => names.map((name) => slots.headers.slotOf(name));
  return {
    dialects: specs.map(({ spec }) => compileDialect(spec, slots)),
    none: compileDialect(NO_DIALECT, slots),
    specs,
    digest: digestOf(own),
    slots,
    correlationHeaders: headers(CORRELATION_HEADERS),
    deadLetterHeaders: headers(DEAD_LETTER_HEADERS),
    deadLetterPrefixes: DEAD_LETTER_PREFIXES.map((prefix) => slots.headers.prefixOf(prefix)),
    failurePrefix: slots.headers.prefixOf(FAILURE_PREFIX),
    replayHeaders: headers(REPLAY_HEADERS),
    busSource: slots.headers.slotOf('source'),
    busType: slots.headers.slotOf('event_type'),
  };
}

/** The fields in the order they are resolved. */
export const FIELDS = Object.keys(FIELD_NAMES) as readonly ResolvedField[];

function compileDialect({ name, when, rules }: DialectSpec, slots: Slots): CompiledDialect {
  return {
    name,
    deadLetter: isDeadLetterBody(name),
    when: when.map((text) => compileCondition(orThrow(parseCondition(text)), text, slots)),
    fields: FIELDS.map((field) => compileField(name, field, rules[field] ?? [], slots)),
    resolutions: new KnownResolutions(),
    bare: { dialect: name, origins: {} },
  };
}

function compileField(dialect: string, field: ResolvedField, texts: readonly string[], slots: Slots): CompiledField {
  if (texts.length > MOST_RULES_PER_FIELD) {
    throw new RangeError(`dialect ${dialect} has more than ${MOST_RULES_PER_FIELD} rules for ${FIELD_NAMES[field]}`);
  }
  const rules = texts.map((text, index) => compileRule(orThrow(parseRule(text)), text, index, slots));
  return { field, rules, withoutHeaders: rules.filter(({ headerSlot }) => headerSlot < 0) };
}

function orThrow<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new RangeError(parsed.problem);
  return parsed.value;
}

function digestOf(own: readonly DialectSpec[]): string {
  // Titles are for readers: another one changes no event. Names do, since events are stored with them.
  const texts = own.map(({ name, when, rules }) => [name, when, FIELDS.map((field) => rules[field] ?? [])]);
  return JSON.stringify([RESOLVER_VERSION, texts]);
}
