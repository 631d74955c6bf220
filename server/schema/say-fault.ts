import type { ErrorObject } from 'ajv';
import type { Json } from '../model/json.ts';
import { printValue } from '../model/print-value.ts';
import { patternInWords } from './pattern-words.ts';

const SHOWN_VALUE = 80;
const SHOWN_OPTIONS = 8;

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'a time with its zone, such as 2025-10-18T10:45:00Z',
  'iso-date-time': 'a time, such as 2025-10-18T10:45:00Z',
  date: 'a date, such as 2025-10-18',
  time: 'a time of day with its zone, such as 10:45:00Z',
  duration: 'a duration, such as PT30S',
  email: 'an e-mail address',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'an absolute URI',
  'uri-reference': 'a URI, or a part of one',
  'uri-template': 'a URI template',
  'json-pointer': 'a JSON pointer',
  'relative-json-pointer': 'a relative JSON pointer',
  uuid: 'a UUID',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

/**
 * What a value must be, as the end of a sentence that begins with its path: `must be a number`. `meaning` is what the
 * schema's author says of it.
 */
export function demandOf(fault: ErrorObject, meaning: string | undefined): string {
  const { keyword, params } = fault;
  const limit = String(params.limit ?? fault.schema);
  switch (keyword) {
    case 'type':
      return `must be ${either([params.type as string | string[]].flat().map((type) => TYPES[type] ?? type))}`;
    case 'enum':
      return `must be ${either((fault.schema as Json[]).slice(0, SHOWN_OPTIONS).map(printShort), (fault.schema as Json[]).length)}`;
    case 'const':
      return `must be ${printShort(fault.schema as Json)}`;
    case 'pattern':
      return `must be ${meaning ?? patternInWords(String(fault.schema)) ?? `a text like ${cut(String(fault.schema))}`}`;
    case 'format':
      return `must be ${meaning ?? FORMATS[String(fault.schema)] ?? String(fault.schema)}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'multipleOf':
      return `must be a multiple of ${limit}`;
    case 'maxLength':
      return `must have at most ${counted(limit, 'character')}`;
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${counted(limit, 'character')}`;
    case 'maxItems':
      return `must have at most ${counted(limit, 'item')}`;
    case 'minItems':
      return limit === '1' ? 'must not be empty' : `must have at least ${counted(limit, 'item')}`;
    case 'maxProperties':
      return `must have at most ${counted(limit, 'field')}`;
    case 'minProperties':
      return limit === '1' ? 'must not be empty' : `must have at least ${counted(limit, 'field')}`;
    case 'uniqueItems':
      return 'must not hold the same item twice';
    case 'contains':
      return containsDemand(params);
    case 'not':
      return meaning === undefined ? 'must not be what the schema rules out' : `must be ${meaning}`;
    case 'propertyNames':
      return 'has a field whose name is not allowed';
    case 'additionalItems':
    case 'items':
    case 'unevaluatedItems':
      return `must have no more than ${counted(String(params.limit ?? params.len ?? 'the described'), 'item')}`;
    case 'false schema':
      return 'must not be there';
    case 'if':
      return 'does not fit what the schema asks for in this case';
    default:
      return `breaks the rule “${cut(keyword)}”`;
  }
}

function containsDemand({ minContains, maxContains }: Record<string, unknown>): string {
  const least = counted(String(minContains ?? 1), 'item');
  const most = maxContains === undefined ? '' : ` and at most ${String(maxContains)}`;
  return `must hold at least ${least}${most} of a certain kind`;
}

/** A value as short text. */
export function printShort(value: Json): string {
  const { text, truncated } = printValue(value, SHOWN_VALUE);
  return truncated ? `${text}…` : text;
}

function either(options: readonly string[], all = options.length): string {
  if (all > options.length) return `one of ${options.join(', ')} or ${all - options.length} more`;
  if (options.length < 2) return options.join('');
  return `${options.slice(0, -1).join(', ')} or ${options.at(-1) ?? ''}`;
}

function counted(count: string, noun: string): string {
  return `${count} ${noun}${count === '1' ? '' : 's'}`;
}

function cut(text: string): string {
  return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}
