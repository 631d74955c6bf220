import type { EventFlag, Resolution, ResolvedEnvelope, ResolvedField } from '../model/event.ts';
import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { RawRecord } from '../model/record.ts';
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

/** A record's headers are taken apart when they are asked for: an envelope in the body never does. */
type HasHeaders = Pick<RawRecord, 'headers'>;

/**
 * Resolves the envelope of one record: the first dialect whose required keys the body has, then per field the first
 * rule that finds a value. The body is a stranger's: only own keys are read, and only strings and numbers count.
 */
export function resolveEnvelope(
  bodyValue: Json | null,
  record: HasHeaders,
  dialects: readonly Dialect[],
): ResolvedEnvelope {
  const object = isJsonObject(bodyValue) ? bodyValue : {};
  const dialect = dialects.find((one) => one.requires.every((key) => Object.hasOwn(object, key)));
  if (dialect === undefined) return UNRESOLVED;
  const search = new FieldSearch(object, record, dialect);
  const eventId = search.text('eventId');
  const eventType = search.text('eventType');
  const correlationId = search.text('correlationId');
  const causationId = search.text('causationId');
  const service = search.text('service');
  const time = search.first('occurredAt', parseTime);
  return {
    resolution: { dialect: dialect.name, origins: search.origins },
    eventId,
    eventType,
    correlationId,
    causationId,
    service,
    occurredAt: time === null ? null : time.at,
    ...NO_TRACING,
    flags: time?.naive === true ? NAIVE : NO_FLAGS,
    needsExactNumbers: false,
  };
}

const NO_FLAGS: readonly EventFlag[] = [];
const NAIVE: readonly EventFlag[] = ['naive_time'];

const NO_TRACING = { traceId: null, spanId: null, parentSpanId: null, tenant: null };
const NO_RESOLUTION: Resolution = { dialect: 'none', origins: {} };

const UNRESOLVED: ResolvedEnvelope = {
  resolution: NO_RESOLUTION,
  eventId: null,
  eventType: null,
  correlationId: null,
  causationId: null,
  service: null,
  occurredAt: null,
  ...NO_TRACING,
  flags: [],
  needsExactNumbers: false,
};

/** Looks for the fields of one record, and keeps where each was found. */
class FieldSearch {
  readonly origins: Partial<Record<ResolvedField, string>> = {};
  readonly #object: JsonObject;
  readonly #record: HasHeaders;
  readonly #dialect: Dialect;

  constructor(object: JsonObject, record: HasHeaders, dialect: Dialect) {
    this.#object = object;
    this.#record = record;
    this.#dialect = dialect;
  }

  text(field: ResolvedField): string | null {
    return this.first(field, idText);
  }

  /** What `read` makes of the first value that it accepts, in the order of the rules. */
  first<T>(field: ResolvedField, read: (value: Json) => T | null): T | null {
    for (const rule of this.#dialect.rules[field] ?? []) {
      const value =
        rule.from === 'body' ? atPath(this.#object, rule.path) : headerText(rule, this.#object, this.#record);
      const found = value === undefined ? null : read(value);
      if (found === null) continue;
      this.origins[field] = rule.origin;
      return found;
    }
    return null;
  }
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
  record: HasHeaders,
): string | undefined {
  if (rule.unlessBodyHas !== null && Object.hasOwn(object, rule.unlessBodyHas)) return undefined;
  for (const one of record.headers) {
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
