import type { ResolvedField } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { parseTime } from '../model/parse-time.ts';
import type { TopicName } from '../model/topic-name.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { readSpanId, readTraceId } from './readers/hex-id.ts';
import { readText, readType } from './readers/read-text.ts';

/** The fields that are texts: all but the time. */
export type TextField = Exclude<ResolvedField, 'occurredAt'>;

/** What a field makes of a value that a rule found; null when it means nothing to that field. */
export function readField(field: TextField, value: Json, rule: CompiledRule, topic: TopicName): string | null {
  switch (field) {
    case 'traceId':
      return readTraceId(value);
    case 'spanId':
    case 'parentSpanId':
      return readSpanId(value);
    case 'eventType': {
      const type = readType(value);
      // A bus that knows no type writes the topic's name into the header; a body that has it means it.
      return type !== null && rule.text === 'header event_type' && isTopic(type, topic) ? null : type;
    }
    default:
      return readText(value);
  }
}

/** Why a field made nothing of a value, in a sentence. */
export function whyRejected(field: ResolvedField, value: Json, rule: CompiledRule, topic: TopicName): string {
  if (value === null) return 'It is null.';
  if (field === 'occurredAt') return parseTime(value) === null ? 'It is no time.' : '';
  if (field === 'traceId') return 'It is no trace id: 16 or 32 hexadecimal digits that are not all zeros.';
  if (field === 'spanId' || field === 'parentSpanId') return 'It is no span id: 16 hexadecimal digits, not all zeros.';
  if (typeof value === 'object' || typeof value === 'boolean') return 'It is neither a text nor a number.';
  if (field === 'eventType' && rule.text === 'header event_type' && typeof value === 'string' && isTopic(value, topic))
    return 'It is the name of the topic.';
  return field === 'eventType' && readText(value) !== null ? 'It says nothing of the type.' : 'It means “none”.';
}

const REST = /^[.\-_](dlq|dlt|dead[-_]letters?|retry([-_.][\w-]+)?)$/i;

/** The name of this topic, or of the one whose failed records are here. */
function isTopic(type: string, { name }: TopicName): boolean {
  return name.startsWith(type) && (name.length === type.length || REST.test(name.slice(type.length)));
}
