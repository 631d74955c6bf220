import type { EventFlag, Resolution, ResolvedEnvelope, ResolvedField } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { type ParsedTime, parseTime } from '../model/parse-time.ts';
import type { Micros } from '../model/time.ts';
import type { TopicName } from '../model/topic-name.ts';
import { isSameId } from '../model/trace-key.ts';
import type { CompiledDialect, RuleSet } from './compile-rules.ts';
import type { CompiledField, CompiledRule } from './compiled-rule.ts';
import { readField, type TextField } from './read-field.ts';
import { readText } from './readers/read-text.ts';
import { type Effort, type EnvelopeRecord, RecordSearch } from './record-search.ts';

/**
 * Resolves the envelope of one record: the first dialect whose conditions hold, then per field the first rule that finds
 * a value. Pure and total: body, headers and topic are a stranger's. `body` is null where it could not be decoded; the
 * headers and the topic's name are read all the same.
 */
export function resolveEnvelope(
  body: Json | null,
  record: EnvelopeRecord,
  topic: TopicName,
  rules: RuleSet,
): ResolvedEnvelope {
  return resolveIn(new RecordSearch(body, record, topic, rules), record, rules);
}

/** What resolving this record takes; for tests of the bounds. */
export function measureEffort(body: Json | null, record: EnvelopeRecord, topic: TopicName, rules: RuleSet): Effort {
  const search = new RecordSearch(body, record, topic, rules);
  resolveIn(search, record, rules);
  return search.effort;
}

function resolveIn(search: RecordSearch, record: EnvelopeRecord, rules: RuleSet): ResolvedEnvelope {
  const dialect = search.dialect();
  const fields = new FieldSearch(search, dialect);
  const eventId = fields.text(0, 'eventId');
  const eventType = fields.text(1, 'eventType');
  const typeRule = fields.rule;
  const correlationId = fields.text(2, 'correlationId');
  const correlationRule = fields.rule;
  const causationId = fields.text(3, 'causationId');
  const service = fields.text(4, 'service');
  const time = fields.time(5);
  const traceId = fields.text(6, 'traceId');
  const spanId = fields.text(7, 'spanId');
  const parentSpanId = fields.text(8, 'parentSpanId');
  const tenant = fields.text(9, 'tenant');
  const flags: EventFlag[] = [];
  if (time?.naive === true) flags.push('naive_time');
  if (typeRule !== null && isFromTopic(typeRule)) flags.push('type_from_topic');
  addKind(flags, search, rules, dialect);
  if (time !== null && isFar(time.at, record)) flags.push('far_time');
  if (search.effort.headers > 0) {
    if (fields.repeated(rules)) flags.push('repeated_field');
    if (correlationId !== null && correlationRule !== null && correlationRule.place.from !== 'header') {
      if (differsInHeader(correlationId, rules)) flags.push('correlation_mismatch');
    }
  }
  return {
    eventId,
    eventType,
    correlationId,
    causationId,
    service,
    occurredAt: time === null ? null : time.at,
    traceId,
    spanId,
    parentSpanId,
    tenant,
    resolution: fields.resolution(),
    flags: flags.length === 0 ? NO_FLAGS : flags,
    needsExactNumbers: fields.rounded,
  };
}

const NO_FLAGS: readonly EventFlag[] = [];

/** Looks for the fields of one record, and keeps by which rule each was found. */
class FieldSearch {
  /** The rule that found the last field; null when none did. */
  rule: CompiledRule | null = null;
  /** True when an id was a number too large to be exact. */
  rounded = false;
  readonly #search: RecordSearch;
  readonly #dialect: CompiledDialect;
  /** The rules that found something, as one number: a digit per field, each with its own base. */
  #code = 0;
  #found: CompiledRule[] | null = null;

  constructor(search: RecordSearch, dialect: CompiledDialect) {
    this.#search = search;
    this.#dialect = dialect;
  }

  text(place: number, field: TextField): string | null {
    const rules = this.#rulesOf(place);
    for (let tried = 0; tried < rules.length; tried += 1) {
      const rule = rules[tried];
      this.#search.effort.steps += 1;
      if (rule === undefined || this.#search.lacks(rule)) continue;
      const value = this.#search.value(rule);
      if (value === undefined) continue;
      const text = readField(field, value, rule, this.#search.topic);
      if (text === null) continue;
      if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) this.rounded = true;
      this.#keep(place, rule);
      return text;
    }
    this.#keep(place, null);
    return null;
  }

  time(place: number): ParsedTime | null {
    const rules = this.#rulesOf(place);
    for (let tried = 0; tried < rules.length; tried += 1) {
      const rule = rules[tried];
      this.#search.effort.steps += 1;
      if (rule === undefined || this.#search.lacks(rule)) continue;
      const value = this.#search.value(rule);
      if (value === undefined) continue;
      const time = parseTime(value);
      if (time === null) continue;
      this.#keep(place, rule);
      return time;
    }
    this.#keep(place, null);
    return null;
  }

  #rulesOf(place: number): readonly CompiledRule[] {
    const field = this.#dialect.fields[place];
    if (field === undefined) return NO_RULES;
    return this.#search.effort.headers === 0 ? field.withoutHeaders : field.rules;
  }

  #keep(place: number, rule: CompiledRule | null): void {
    const base = (this.#dialect.fields[place]?.rules.length ?? 0) + 1;
    this.#code = this.#code * base + (rule === null ? 0 : rule.index + 1);
    this.rule = rule;
    if (rule === null || rule.place.from !== 'header') return;
    this.#found ??= [];
    this.#found.push(rule);
  }

  /** True when a header that was taken came again with another value. */
  repeated({ slots }: RuleSet): boolean {
    return this.#found?.some(({ place }) => place.from === 'header' && slots.headers.differs(place.slot)) ?? false;
  }

  /** The one object for this dialect and these rules. */
  resolution(): Resolution {
    const known = this.#dialect.resolutions.get(this.#code);
    if (known !== undefined) return known;
    // Strangers can make combinations that no producer has; beyond a bound they share the answer without origins.
    if (this.#dialect.resolutions.size >= MOST_RESOLUTIONS) return this.#dialect.bare;
    const made = { dialect: this.#dialect.name, origins: originsOf(this.#dialect.fields, this.#code) };
    this.#dialect.resolutions.add(this.#code, made);
    return made;
  }
}

const NO_RULES: readonly CompiledRule[] = [];
/** Of one dialect; a producer has a handful. One dialect's strangers do not use up another's. */
export const MOST_RESOLUTIONS = 256;

function originsOf(fields: readonly CompiledField[], code: number): Resolution['origins'] {
  const origins: [ResolvedField, string][] = [];
  let left = code;
  for (const { field, rules } of fields.toReversed()) {
    const base = rules.length + 1;
    const rule = rules[(left % base) - 1];
    left = Math.floor(left / base);
    if (rule !== undefined) origins.push([field, rule.text]);
  }
  return Object.fromEntries(origins.toReversed());
}

function isFromTopic({ place }: CompiledRule): boolean {
  return place.from === 'topic' || place.from === 'topic and body';
}

function addKind(flags: EventFlag[], search: RecordSearch, rules: RuleSet, { deadLetter }: CompiledDialect): void {
  const { topic, effort } = search;
  if (topic.kind === 'dead letter mirror') flags.push('dead_letter_mirror');
  else if (topic.kind === 'dead letter' || deadLetter) flags.push('dead_letter');
  else if (effort.headers > 0 && hasDeadLetterHeader(rules, topic)) flags.push('dead_letter');
}

/** A record that was sent again keeps the headers of its failure, and is no dead letter any more. */
function hasDeadLetterHeader(rules: RuleSet, { retry }: TopicName): boolean {
  const { headers } = rules.slots;
  const says =
    headers.hasOne(rules.deadLetterHeaders) ||
    headers.startsWithOne(rules.deadLetterPrefixes) ||
    (!retry && headers.startsWith(rules.failurePrefix));
  return says && !headers.hasOne(rules.replayHeaders);
}

function differsInHeader(correlationId: string, { slots: { headers }, correlationHeaders }: RuleSet): boolean {
  for (const slot of correlationHeaders) {
    if (!headers.has(slot)) continue;
    const id = readText(headers.text(slot) ?? null);
    if (id !== null && !isSameId(id, correlationId)) return true;
  }
  return false;
}

const YEAR_US = 366 * 86_400_000_000;
const DAY_US = 86_400_000_000;

function isFar(at: Micros, { timestampMs }: EnvelopeRecord): boolean {
  if (timestampMs === undefined || timestampMs < 0) return false;
  const recordedAt = timestampMs * 1000;
  return at < recordedAt - YEAR_US || at > recordedAt + DAY_US;
}
