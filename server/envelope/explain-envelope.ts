import { FIELD_NAMES } from '../model/dialect.ts';
import type { Explanation, RuleTrial } from '../model/dialect-wire.ts';
import type { ResolvedField } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { parseTime } from '../model/parse-time.ts';
import { microsToRfc3339 } from '../model/time.ts';
import type { TopicName } from '../model/topic-name.ts';
import type { CompiledDialect, RuleSet } from './compile-rules.ts';
import type { CompiledField, CompiledRule } from './compiled-rule.ts';
import { readField, whyRejected } from './read-field.ts';
import { type EnvelopeRecord, RecordSearch } from './record-search.ts';
import { resolveEnvelope } from './resolve-envelope.ts';

/** How an envelope is read, step by step; the pipeline adds what the body's decoding and the trace key have to say. */
export type EnvelopeExplanation = Pick<Explanation, 'dialects' | 'dialect' | 'fields' | 'flags'>;

/** Explains what `resolveEnvelope` makes of the same record. */
export function explainEnvelope(
  body: Json | null,
  record: EnvelopeRecord,
  topic: TopicName,
  rules: RuleSet,
): EnvelopeExplanation {
  const { flags } = resolveEnvelope(body, record, topic, rules);
  const search = new RecordSearch(body, record, topic, rules);
  const { dialects, matched } = explainDialects(search, rules);
  const fields = matched.fields.map((field) => explainField(field, search));
  return { dialects, dialect: matched.name, fields, flags };
}

function explainDialects(search: RecordSearch, { dialects, none }: RuleSet) {
  const tried: { name: string; matched: boolean; failed: string | null }[] = [];
  let matched: CompiledDialect = none;
  for (const dialect of dialects) {
    const failed = search.failed(dialect);
    tried.push({ name: dialect.name, matched: failed === null, failed: failed?.text ?? null });
    if (failed !== null) continue;
    matched = dialect;
    break;
  }
  return { dialects: tried, matched };
}

function explainField({ field, rules }: CompiledField, search: RecordSearch): Explanation['fields'][number] {
  const trials: RuleTrial[] = [];
  let value: string | null = null;
  for (const rule of rules) {
    const read: Tried | null = value === null ? tryRule(field, rule, search) : null;
    if (read === null) trials.push({ rule: rule.text, outcome: 'not reached', value: null, why: null });
    else {
      trials.push(read.trial);
      value = read.value;
    }
  }
  return { field: FIELD_NAMES[field], value, trials };
}

interface Tried {
  readonly trial: RuleTrial;
  readonly value: string | null;
}

function tryRule(field: ResolvedField, rule: CompiledRule, search: RecordSearch): Tried {
  const standing = search.standing(rule);
  if (standing === undefined) return trial(rule, 'absent', null, null, null);
  const made = search.value(rule) ?? null;
  const value = made === null ? null : asText(field, made, rule, search.topic);
  if (value !== null) return trial(rule, 'found', shown(standing), null, value);
  const why =
    made === null && standing !== null
      ? 'It has not the form that the rule reads.'
      : whyRejected(field, standing, rule, search.topic);
  return trial(rule, 'rejected', shown(standing), why, null);
}

function trial(
  { text }: CompiledRule,
  outcome: RuleTrial['outcome'],
  stands: string | null,
  why: string | null,
  value: string | null,
): Tried {
  return { trial: { rule: text, outcome, value: stands, why }, value };
}

function asText(field: ResolvedField, value: Json, rule: CompiledRule, topic: TopicName): string | null {
  if (field !== 'occurredAt') return readField(field, value, rule, topic);
  const time = parseTime(value);
  return time === null ? null : microsToRfc3339(time.at);
}

const LONGEST_SHOWN = 200;

/** A value as one reads it; of an object or an array only what it is, since it may be of any size. */
function shown(value: Json): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const text = String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
