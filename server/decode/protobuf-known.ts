import type { Json } from '../model/json.ts';
import { micros, microsToRfc3339 } from '../model/time.ts';
import type { Draft } from './own-field.ts';

const WRAPPERS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32'].map((name) => [wrapper(name), 0] as const),
  [wrapper('Bool'), false],
  [wrapper('String'), ''],
  [wrapper('Bytes'), ''],
]);

/**
 * The messages that Protobuf brings along as its JSON form writes them: instants as RFC 3339 texts, wrapped values bare,
 * `Struct` as the object it stands for; any other message as it is. `Any` keeps its bytes, as its type is elsewhere.
 */
export function asWellKnown(name: string, values: Draft): Json {
  if (!name.startsWith('google.protobuf.')) return values;
  const wrapped = WRAPPERS.get(name);
  if (wrapped !== undefined) return values.value ?? wrapped;
  switch (name) {
    case 'google.protobuf.Timestamp':
      return instantOf(values) ?? values;
    case 'google.protobuf.Duration':
      return durationOf(values) ?? values;
    case 'google.protobuf.Struct':
      return values.fields ?? {};
    case 'google.protobuf.ListValue':
      return values.values ?? [];
    case 'google.protobuf.Value':
      return oneOf(values);
    default:
      return values;
  }
}

function wrapper(name: string): string {
  return `google.protobuf.${name}Value`;
}

function instantOf({ seconds = 0, nanos = 0 }: Draft): string | null {
  if (typeof seconds !== 'number' || typeof nanos !== 'number' || nanos < 0 || nanos > 999_999_999) return null;
  const us = seconds * 1_000_000 + Math.floor(nanos / 1000);
  if (!Number.isSafeInteger(us)) return null;
  const rest = nanos % 1000;
  const text = microsToRfc3339(micros(us));
  return rest === 0 ? text : text.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}

function durationOf({ seconds = 0, nanos = 0 }: Draft): string | null {
  if (typeof seconds !== 'number' || typeof nanos !== 'number' || Math.abs(nanos) > 999_999_999) return null;
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  const fraction = nanos === 0 ? '' : `.${String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '')}`;
  return `${sign}${Math.abs(seconds)}${fraction}s`;
}

/** One of its six fields is set; none of them stands for null too. */
function oneOf(values: Draft): Json {
  if (Object.hasOwn(values, 'null_value') || Object.hasOwn(values, 'nullValue')) return null;
  return Object.values(values)[0] ?? null;
}
