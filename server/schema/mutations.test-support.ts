import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerStep } from '../model/json-pointer.ts';

/** A fitting body with one thing changed, and what a check has to say of that. */
export interface Mutation {
  readonly path: string;
  readonly rule: string;
  readonly body: Json;
}

/** Sets, or without a value takes out, what stands at a path of keys. */
function changed(body: Json, keys: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return value ?? null;
  if (Array.isArray(body))
    return body.map((item: Json, at) => (String(at) === key ? changed(item, rest, value) : item));
  const object = isJsonObject(body) ? body : {};
  const entries = Object.entries(object).flatMap(([name, child]): [string, Json][] => {
    if (name !== key) return [[name, child]];
    return rest.length === 0 && value === undefined ? [] : [[name, changed(child, rest, value)]];
  });
  return Object.fromEntries(entries);
}

/** Every way to break one rule of a schema in a body that fits it: each rule at each place that the body has. */
export function mutationsOf(schema: Json, body: Json, at: readonly string[]): Mutation[] {
  const found: Mutation[] = [];
  const break_ = (keys: readonly string[], rule: string, value: Json | undefined): void => {
    found.push({ path: keys.map(pointerStep).join(''), rule, body: changed(body, keys, value) });
  };
  const visit = (rules: Json | undefined, value: Json, keys: readonly string[]): void => {
    if (!isJsonObject(rules)) return;
    const types = [ownValue(rules, 'type') ?? []].flat() as string[];
    if (types.length > 0) break_(keys, 'type', types.includes('boolean') ? 'true' : true);
    breakValue(rules, keys, break_);
    if (isJsonObject(value)) visitObject(rules, value, keys);
    if (Array.isArray(value) && value.length > 0) visit(ownValue(rules, 'items'), value[0] as Json, [...keys, '0']);
  };
  const visitObject = (rules: JsonObject, value: JsonObject, keys: readonly string[]): void => {
    for (const name of (ownValue(rules, 'required') ?? []) as readonly string[])
      break_([...keys, name], 'required', undefined);
    const properties = ownValue(rules, 'properties');
    for (const [name, child] of Object.entries(value)) {
      const known = isJsonObject(properties) ? ownValue(properties, name) : undefined;
      visit(known ?? ownValue(rules, 'additionalProperties'), child, [...keys, name]);
    }
  };
  visit(
    schema,
    at.reduce<Json>((value, key) => (isJsonObject(value) ? (ownValue(value, key) ?? null) : null), body),
    at,
  );
  return found;
}

/** Values that keep to the type and break one other rule. */
function breakValue(
  rules: JsonObject,
  keys: readonly string[],
  break_: (keys: readonly string[], rule: string, value: Json) => void,
): void {
  const [minimum, maximum] = [ownValue(rules, 'minimum'), ownValue(rules, 'maximum')];
  if (typeof minimum === 'number') break_(keys, 'minimum', minimum - 1);
  if (typeof maximum === 'number') break_(keys, 'maximum', maximum + 1);
  if (ownValue(rules, 'minLength') !== undefined) break_(keys, 'minLength', '');
  const longest = ownValue(rules, 'maxLength');
  if (typeof longest === 'number') break_(keys, 'maxLength', 'x'.repeat(longest + 1));
  if (ownValue(rules, 'pattern') !== undefined) break_(keys, 'pattern', ' ');
  if (ownValue(rules, 'format') !== undefined) break_(keys, 'format', 'not this');
  if (ownValue(rules, 'enum') !== undefined) break_(keys, 'enum', 'none of these');
  if (ownValue(rules, 'const') !== undefined) break_(keys, 'const', 'not this');
}
