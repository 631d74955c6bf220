import type { EventFlag, ResolvedEnvelope, ResolvedField } from '../model/event.ts';
import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { type Dialect, type Rule, ruleOrigin } from './dialect.ts';
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

/** What was found, and the rule that found it. */
interface Found {
  readonly value: Json;
  readonly rule: Rule;
}

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
  const text = (field: ResolvedField): string | null => {
    const found = findFirst(dialect.rules[field], object, headers, (value) => idText(value) !== null);
    if (found === null) return null;
    origins[field] = ruleOrigin(found.rule);
    return idText(found.value);
  };
  const time = findFirst(dialect.rules.occurredAt, object, headers, (value) => parseTime(value) !== null);
  const parsed = time === null ? null : parseTime(time.value);
  if (time !== null) origins.occurredAt = ruleOrigin(time.rule);
  const flags: EventFlag[] = parsed?.naive === true ? ['naive_time'] : [];
  return {
    dialect: dialect.name,
    eventId: text('eventId'),
    eventType: text('eventType'),
    correlationId: text('correlationId'),
    causationId: text('causationId'),
    service: text('service'),
    occurredAt: parsed === null ? null : parsed.at,
    origins,
    flags,
  };
}

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

function findFirst(
  rules: readonly Rule[],
  object: JsonObject,
  headers: readonly RecordHeader[],
  accepts: (value: Json) => boolean,
): Found | null {
  for (const rule of rules) {
    const value = rule.from === 'body' ? atPath(object, rule.path) : headerText(rule, object, headers);
    if (value !== undefined && accepts(value)) return { value, rule };
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
  if (rule.unlessBodyHas !== undefined && Object.hasOwn(object, rule.unlessBodyHas)) return undefined;
  for (const one of headers) {
    // Lengths first: most headers are told apart without making a string.
    if (one.name.length !== rule.name.length || one.name.toString('latin1').toLowerCase() !== rule.name) continue;
    return one.value === null ? undefined : one.value.toString('utf8');
  }
  return undefined;
}

/** An id or a name as text: strings but those that mean "none", and finite numbers. */
function idText(value: Json): string | null {
  if (typeof value === 'string') return value.length <= 40 && NONE.has(value.trim().toLowerCase()) ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}
