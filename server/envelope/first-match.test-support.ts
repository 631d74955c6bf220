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
  return isJsonObject(body ?? undefined) ? further(body ?? undefined, pointer) : undefined;
}

/** Under an ending the rest is followed for the first 64 keys: the first that is no null counts. */
function step(value: Json | undefined, segment: PointerSegment, rest: Pointer): Json | undefined {
  if (segment.kind === 'key') {
    const next = Array.isArray(value) ? placeIn(value, segment.key) : keyOf(value, segment.key);
    return next === undefined ? undefined : further(next, rest);
  }
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value).slice(0, 64);
  const found = keys.filter((key) => key.endsWith(segment.ending)).map((key) => further(value[key], rest));
  const standing = found.filter((one) => one !== undefined);
  return standing.find((one) => one !== null) ?? standing[0];
}

function further(value: Json | undefined, [segment, ...rest]: Pointer): Json | undefined {
  return segment === undefined ? value : step(value, segment, rest);
}

function keyOf(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? ownValue(value, key) : undefined;
}

function placeIn(list: readonly Json[], key: string): Json | undefined {
  return /^(0|[1-9][0-9]{0,8})$/.test(key) ? list[Number(key)] : undefined;
}
