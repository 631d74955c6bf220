import type { EventFlag, ResolvedEnvelope, ResolvedField } from '../model/event.ts';
import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import type { Dialect, Rule } from './dialect.ts';
import { parseTime } from './parse-time.ts';

/** Texts that producers write when they mean "none", in lower case. */
const NONE = new Set([
  '',
  'unknown',
  'none',
  'null',
  'nil',
  'undefined',
  'n/a',
  '-',
  '00000000-0000-0000-0000-000000000000',
]);

/** Where a value is found may be told, by the rule that found it. */
type TellOrigin = (origin: string) => void;

/**
 * Resolves the envelope of one record: the first dialect whose required keys the body has, then per field the first
 * rule that finds a value. The body is a stranger's: only own keys are read, and only strings and numbers count.
 */
export function resolveEnvelope(
  bodyValue: Json | null,
  headers: readonly RecordHeader[],
  dialects: readonly Dialect[],
): ResolvedEnvelope {
  const object = isJsonObject(bodyValue) ? bodyValue : {};
  const dialect = dialects.find((one) => one.requires.every((key) => Object.hasOwn(object, key)));
  if (dialect === undefined) return UNRESOLVED;
  const origins: Partial<Record<ResolvedField, string>> = {};
  const text = (field: ResolvedField): string | null =>
    findFirst(dialect.rules[field], object, headers, idText, (origin) => (origins[field] = origin));
  const time = findFirst(
    dialect.rules.occurredAt,
    object,
    headers,
    parseTime,
    (origin) => (origins.occurredAt = origin),
  );
  return {
    dialect: dialect.name,
    eventId: text('eventId'),
    eventType: text('eventType'),
    correlationId: text('correlationId'),
    causationId: text('causationId'),
    service: text('service'),
    occurredAt: time === null ? null : time.at,
    origins,
    flags: time?.naive === true ? NAIVE : NO_FLAGS,
  };
}

const NO_FLAGS: readonly EventFlag[] = [];
const NAIVE: readonly EventFlag[] = ['naive_time'];

const UNRESOLVED: ResolvedEnvelope = {
  dialect: 'none',
  eventId: null,
  eventType: null,
  correlationId: null,
  causationId: null,
  service: null,
  occurredAt: null,
  origins: {},
  flags: [],
};

/** What `read` makes of the first value that it accepts, in the order of the rules. */
function findFirst<T>(
  rules: readonly Rule[],
  object: JsonObject,
  headers: readonly RecordHeader[],
  read: (value: Json) => T | null,
  tell: TellOrigin,
): T | null {
  for (const rule of rules) {
    const value = rule.from === 'body' ? atPath(object, rule.path) : headerText(rule, object, headers);
    const found = value === undefined ? null : read(value);
    if (found === null) continue;
    tell(rule.origin);
    return found;
  }
  return null;
}

function atPath(object: JsonObject, path: readonly string[]): Json | undefined {
  let here: Json | undefined = object;
  for (const key of path) {
    if (!isJsonObject(here)) return undefined;
    here = ownValue(here, key);
  }
  return here;
}

function headerText(
  rule: Extract<Rule, { from: 'header' }>,
  object: JsonObject,
  headers: readonly RecordHeader[],
): string | undefined {
  if (rule.unlessBodyHas !== null && Object.hasOwn(object, rule.unlessBodyHas)) return undefined;
  for (const one of headers) {
    // Lengths first: most headers are told apart without making a string.
    if (one.name.length !== rule.name.length || one.name.toString('latin1').toLowerCase() !== rule.name) continue;
    return one.value === null ? undefined : one.value.toString('utf8');
  }
  return undefined;
}

/** An id or a name as text: strings but those that mean "none", and finite numbers. */
function idText(value: Json): string | null {
  if (typeof value === 'string') return meansNone(value) ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

const LONGEST_WORD = 9;
const UUID_LENGTH = 36;
/** With white space around it a longer text may mean none as well. */
const LONGEST_NONE = 40;

function meansNone(text: string): boolean {
  const { length } = text;
  if (length > LONGEST_NONE) return false;
  // Nearly every id is told from a word by its length alone.
  const bare =
    length > 0 && text.charCodeAt(0) > 0x20 && text.charCodeAt(length - 1) > 0x20 && text.charCodeAt(0) < 0x7f;
  if (
    bare &&
    length > LONGEST_WORD &&
    (length !== UUID_LENGTH || text[0] !== '0') &&
    text.charCodeAt(length - 1) < 0x7f
  ) {
    return false;
  }
  return NONE.has(text.trim().toLowerCase());
}
