import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { nearest } from '../model/nearest.ts';
import { readTopicName } from '../model/topic-name.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import { readVersion, type Version } from './version.ts';

/**
 * What a schema is for, as its `x-throughline` at the root says:
 *
 *     "x-throughline": {
 *       "event_types": ["METADATA_STAMP_CREATED"],   the types of the events it describes, without `.vN` at the end
 *       "topics": ["dev.shop.orders.paid.v1"],       topics whose events it describes; environment, version, ids fold
 *       "references": ["registry://shop/paid/v1"],   what events write in `schema_ref` or `dataschema` to mean it
 *       "dialects": ["onex-envelope-v1"],            it describes the envelope of this dialect, beside the payload's schema
 *       "version": "1.0.0",
 *       "at": "/payload"                             the part of the body it describes, as a JSON pointer; or several, of
 *     }                                              which the first that is there counts. Without it: the whole body
 *
 * In any schema, `"x-throughline": {"means": "64–128 hex digits"}` says in words what a value must be, for the sentences
 * on what is wrong with one.
 */
export interface Purpose {
  readonly eventTypes: readonly string[];
  /** Families of topics. */
  readonly topics: readonly string[];
  readonly references: readonly string[];
  readonly dialects: readonly string[];
  /** Null when the schema does not say. */
  readonly version: Version | null;
  /** The version as it was written. */
  readonly versionText: string | null;
  /** JSON pointers, at least one. */
  readonly at: readonly [string, ...string[]];
}

const VERSION = /^\.v\d{1,6}$/i;
const POINTER = /^(?:\/(?:[^~/]|~0|~1)*)*$/;
const KEYS = ['event_types', 'topics', 'references', 'dialects', 'version', 'at', 'means'];
const MOST_NAMES = 500;
const LONGEST_NAME = 500;
const HERE = '/x-throughline';

/** Reads `x-throughline`; undefined means that there is none. Throws `BrokenSchemaError`. */
export function readPurpose(value: Json | undefined): Purpose {
  if (value !== undefined && !isJsonObject(value)) throw new BrokenSchemaError(HERE, 'x-throughline is an object');
  const given = value ?? {};
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) throw new BrokenSchemaError(`${HERE}/${key}`, unknownKey(key));
  }
  const version = ownValue(given, 'version');
  const read = version === undefined ? null : readVersion(version);
  if (version !== undefined && read === null) {
    throw new BrokenSchemaError(`${HERE}/version`, 'a version is written as in “1.0.0”');
  }
  return {
    eventTypes: names(given, 'event_types').map(typeWithoutVersion),
    topics: names(given, 'topics').map((topic) => readTopicName(topic).family),
    references: names(given, 'references'),
    dialects: names(given, 'dialects'),
    version: read,
    versionText: read === null ? null : typeof version === 'string' ? version : read.join('.'),
    at: readAt(ownValue(given, 'at')),
  };
}

/** An event type without the `.vN` at its end, as types are compared. */
export function typeWithoutVersion(type: string): string {
  const dot = type.lastIndexOf('.');
  return dot > 0 && VERSION.test(type.slice(dot)) ? type.slice(0, dot) : type;
}

function unknownKey(key: string): string {
  const near = nearest(key, KEYS);
  return `x-throughline has no “${key.slice(0, 100)}”${near === null ? '' : `; “${near}” may be meant`}`;
}

function names(given: JsonObject, key: string): readonly string[] {
  const value = ownValue(given, key);
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_NAMES || !value.every(isName)) {
    throw new BrokenSchemaError(`${HERE}/${key}`, `${key} is a list of at most ${MOST_NAMES} names`);
  }
  return value;
}

function isName(value: Json): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;
}

function readAt(value: Json | undefined): readonly [string, ...string[]] {
  const [first, ...more] = Array.isArray(value) ? (value as readonly Json[]) : [value ?? ''];
  if (isPointer(first) && more.length < 10 && more.every(isPointer)) return [first, ...more];
  throw new BrokenSchemaError(`${HERE}/at`, '“at” is a JSON pointer such as “/payload”, or a list of them');
}

function isPointer(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NAME && POINTER.test(value);
}
