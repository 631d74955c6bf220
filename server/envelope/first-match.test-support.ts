import type { DialectSpec } from '../model/dialect.ts';
import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import type { Pointer, PointerSegment } from '../model/pointer-text.ts';
import { type Condition, parseCondition } from '../model/rule-text.ts';
import type { Written } from './envelopes.test-support.ts';

type Record = Omit<Written, 'fields'>;

/** The name of the first dialect whose conditions hold, found the plain way: every condition, one by one, from its text. */
export function firstMatch(specs: readonly DialectSpec[], record: Record): string {
  return specs.find(({ when }) => when.every((text) => holds(conditionOf(text), record)))?.name ?? 'none';
}

function conditionOf(text: string): Condition {
  const condition = parseCondition(text);
  if (!condition.ok) throw new Error(condition.problem);
  return condition.value;
}

function holds(condition: Condition, { body, headers, topic }: Record): boolean {
  const names = () => headers.map(({ name }) => name.toString('latin1').toLowerCase());
  switch (condition.kind) {
    case 'body has':
      return condition.oneOf.some((pointer) => standsAt(body, pointer) !== undefined);
    case 'body is':
      return String(standsAt(body, condition.pointer)) === condition.text;
    case 'header':
      return condition.oneOf.some((name) => names().includes(name.toLowerCase()));
    case 'header is':
      return (
        headers
          .find((one) => one.name.toString('latin1').toLowerCase() === condition.name.toLowerCase())
          ?.value?.toString('utf8') === condition.text
      );
    case 'header starts with':
      return names().some((name) => name.startsWith(condition.prefix.toLowerCase()));
    case 'topic':
      return new RegExp(condition.pattern).test(topic);
  }
}

function standsAt(body: Json | null, pointer: Pointer): Json | undefined {
  return isJsonObject(body ?? undefined) ? pointer.reduce<Json | undefined>(step, body ?? undefined) : undefined;
}

function step(value: Json | undefined, segment: PointerSegment): Json | undefined {
  if (Array.isArray(value)) {
    const isPlace = segment.kind === 'key' && /^(0|[1-9][0-9]{0,8})$/.test(segment.key);
    return isPlace ? (value[Number(segment.key)] as Json | undefined) : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  if (segment.kind === 'key') return ownValue(value, segment.key);
  const key = Object.keys(value)
    .slice(0, 64)
    .find((one) => one.endsWith(segment.ending));
  return key === undefined ? undefined : ownValue(value, key);
}
