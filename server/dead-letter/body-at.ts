import { DEAD_LETTER_BODIES, type DeadLetterBody } from '../model/dead-letter-bodies.ts';
import { isJsonObject, type Json, ownValue } from '../model/json.ts';

/** The value at a pointer of plain keys; undefined where there is none. */
export function valueAt(body: Json, pointer: string): Json | undefined {
  let value: Json | undefined = body;
  for (const key of pointer.split('/').slice(1)) {
    if (!isJsonObject(value)) return undefined;
    value = ownValue(value, key);
  }
  return value;
}

const BODIES: readonly DeadLetterBody[] = Object.values(DEAD_LETTER_BODIES);

/** Which of the known bodies of dead letters this is; null for none. */
export function bodyOf(body: Json): DeadLetterBody | null {
  if (!isJsonObject(body)) return null;
  const has = (pointer: string) => valueAt(body, pointer) !== undefined;
  return BODIES.find((each) => each.has.every((oneOf) => oneOf.some(has))) ?? null;
}
