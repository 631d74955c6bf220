import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { ANY_KEY, ANY_PLACE, pathSegment } from './field-path.ts';
import { type TypeSet, typeSetOf } from './field-types.ts';

/** The fields of one event's body. */
export interface EventFields {
  /** Per path the types that are there: of one field one, of the items of a list as many as they have. */
  readonly types: ReadonlyMap<string, TypeSet>;
  /** Values that were not looked at, since one of the bounds was reached. What lies inside them is not counted. */
  readonly beyond: number;
}

/** What is looked at of one event: paths, values, depth, items of one list, characters of one key and of one path. */
export const MOST_PATHS = 400;
export const MOST_VALUES = 2_000;
export const MOST_DEPTH = 12;
export const MOST_ITEMS = 40;
const MOST_KEY = 100;
const MOST_PATH = 400;
/** An object with more keys is a map: its keys are data, not names. */
export const MOST_NAMES = 64;

/** Keys that are data wherever they stand: numbers, ids, days, addresses. */
const DATA_KEY = /^(?:\d+|[\da-f]{8}-[\da-f]{4}-.*|(?=\D*\d)[\da-f]{16,}|\d{4}-\d\d-.*)$|@/i;
/** Every such key has one of these; most keys have none. */
const DATA_CHARACTER = /[\d@]/;

const NULL = typeSetOf('null');
const BOOLEAN = typeSetOf('boolean');
const INTEGER = typeSetOf('integer');
const NUMBER = typeSetOf('number');
const STRING = typeSetOf('string');
const ARRAY = typeSetOf('array');
const OBJECT = typeSetOf('object');

/**
 * The paths of an event's body with the type of each. Places of a list are one path (a `*`), and so are the
 * keys of a map (a `**`): of an object with very many keys, and keys that are numbers, ids, days or addresses.
 * Looks at a bounded part of any body; what is beyond is counted.
 */
export function fieldsOf(value: Json): EventFields {
  const walk: Walk = { types: new Map(), values: 0, beyond: 0 };
  visit(walk, value, '', 0);
  return { types: walk.types, beyond: walk.beyond };
}

interface Walk {
  readonly types: Map<string, TypeSet>;
  values: number;
  beyond: number;
}

function visit(walk: Walk, value: Json, path: string, depth: number): void {
  const known = walk.types.get(path);
  if (walk.values === MOST_VALUES || (known === undefined && walk.types.size === MOST_PATHS)) {
    walk.beyond += 1;
    return;
  }
  walk.values += 1;
  const type = typeOf(value);
  if (known === undefined || (known & type) === 0) walk.types.set(path, (known ?? 0) | type);
  if (typeof value !== 'object' || value === null) return;
  if (depth === MOST_DEPTH) walk.beyond += 1;
  else if (isJsonObject(value)) visitObject(walk, value, path, depth + 1);
  else visitList(walk, value, path, depth + 1);
}

function visitObject(walk: Walk, object: JsonObject, path: string, depth: number): void {
  const keys = Object.keys(object);
  const isMap = keys.length > MOST_NAMES;
  for (let place = 0; place < keys.length; place += 1) {
    if (walk.values === MOST_VALUES) {
      walk.beyond += keys.length - place;
      return;
    }
    const key = keys[place] ?? '';
    const child = object[key] ?? null;
    if (isMap || (DATA_CHARACTER.test(key) && key.length <= MOST_KEY && DATA_KEY.test(key))) {
      visit(walk, child, `${path}/${ANY_KEY}`, depth);
    } else if (key.length > MOST_KEY || path.length + key.length > MOST_PATH) walk.beyond += 1;
    else visit(walk, child, `${path}/${pathSegment(key)}`, depth);
  }
}

function visitList(walk: Walk, list: readonly Json[], path: string, depth: number): void {
  const most = Math.min(list.length, MOST_ITEMS);
  const inside = `${path}/${ANY_PLACE}`;
  for (let place = 0; place < most; place += 1) visit(walk, list[place] ?? null, inside, depth);
  walk.beyond += list.length - most;
}

function typeOf(value: Json): TypeSet {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'number':
      return Number.isInteger(value) ? INTEGER : NUMBER;
    case 'bigint':
      return INTEGER;
    case 'boolean':
      return BOOLEAN;
    default:
      return value === null ? NULL : Array.isArray(value) ? ARRAY : OBJECT;
  }
}
