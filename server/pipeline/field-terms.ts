import { decodeExactly } from '../decode/exact-numbers.ts';
import { follow } from '../envelope/body-slots.ts';
import type { Decoded } from '../model/decoded.ts';
import type { Term } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { fieldTerm, type SearchField } from '../model/search-field.ts';
import { foldId } from '../model/trace-key.ts';
import type { TraceIdentity } from './identify-trace.ts';

/** The terms of an event with those of its declared fields. Events of no trace have none: there is nothing to find. */
export function fieldTermsOf(
  terms: readonly Term[],
  { idText }: TraceIdentity,
  decoded: Decoded,
  raw: Buffer | null,
  fields: readonly SearchField[],
): readonly Term[] {
  if (fields.length === 0 || idText === null || decoded.kind !== 'value') return terms;
  const found = fields.flatMap((field) => {
    const value = fieldValue(field, decoded, raw);
    return value === null ? [] : [{ kind: 'field' as const, value: fieldTerm(field.name, foldId(value)) }];
  });
  return found.length === 0 ? terms : [...terms, ...found];
}

function fieldValue(
  { pointers }: SearchField,
  decoded: Decoded & { kind: 'value' },
  raw: Buffer | null,
): string | null {
  for (const pointer of pointers) {
    const text = textOf(follow(decoded.value, pointer), () => exactly(decoded, raw, pointer));
    if (text !== null) return text;
  }
  return null;
}

/** A number that `JSON.parse` may have rounded is read once more, digit by digit. */
function textOf(value: Json | undefined, exact: () => Json | undefined): string | null {
  switch (typeof value) {
    case 'string':
      return value === '' ? null : value;
    case 'number': {
      if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value);
      const digits = exact();
      return typeof digits === 'bigint' ? digits.toString() : null;
    }
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return null;
  }
}

function exactly(
  { format }: Decoded & { kind: 'value' },
  raw: Buffer | null,
  pointer: SearchField['pointers'][number],
): Json | undefined {
  const value = format !== 'json' || raw === null ? undefined : decodeExactly(raw);
  return value === undefined ? undefined : follow(value, pointer);
}
