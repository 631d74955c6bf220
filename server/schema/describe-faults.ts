import type { ErrorObject } from 'ajv';
import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import { pointerKeys, pointerStep } from '../model/json-pointer.ts';
import type { SchemaChecks } from './compile-schema.ts';
import { lookUp } from './look-up.ts';
import { nearMiss } from './near-miss.ts';
import { pathInWords } from './path-words.ts';
import { demandOf, printShort } from './say-fault.ts';

/** One thing that is wrong with an event, as its schema sees it. */
export interface SchemaError {
  /** JSON pointer from the root of the body to what is wrong; of a missing field to where it should be. */
  readonly path: string;
  /** The keyword of JSON Schema that was broken, such as `required`. */
  readonly rule: string;
  /** Where that keyword stands, such as `#/properties/a/type`; in another file with its address before the `#`. */
  readonly schemaPath: string;
  /** What is wrong, for a person, without a full stop. Holds texts of the event: it is data, not markup. */
  readonly sentence: string;
  /** The value as JSON, cut after some 80 characters; null where there is none. */
  readonly was: string | null;
  /** A key at the same place that was probably meant; of a key that is too many, the one that it was probably meant to be. */
  readonly nearMiss: string | null;
}

/** Errors of one event: a page shows no more, and more say nothing new. */
export const MOST_ERRORS = 20;

type Notes = SchemaChecks['notes'];

/**
 * What the validator found, for people: at most `MOST_ERRORS`, in its order. `body` is the whole body with its numbers as
 * they were read, `at` the pointer of the part that was checked.
 */
export function describeFaults(faults: readonly ErrorObject[], body: Json, at: string, notes: Notes): SchemaError[] {
  const errors = new Map<string, SchemaError>();
  for (const fault of withoutBranches(faults, notes)) {
    const error = errorOf(fault, body, at, notes);
    const key = `${error.path} ${error.rule} ${error.schemaPath}`;
    if (!errors.has(key)) errors.set(key, error);
    if (errors.size === MOST_ERRORS) break;
  }
  return [...errors.values()];
}

/** The part of the body that a schema describes is not there. */
export function describeMissingPart(body: Json, at: string): SchemaError {
  const keys = pointerKeys(at);
  const around = lookUp(body, keys.slice(0, -1));
  const near = isJsonObject(around) ? nearMiss(keys.at(-1) ?? '', Object.keys(around)) : null;
  return {
    path: at,
    rule: 'required',
    schemaPath: '#/x-throughline/at',
    sentence: missing(at, near),
    was: null,
    nearMiss: near,
  };
}

function errorOf(fault: ErrorObject, body: Json, at: string, notes: Notes): SchemaError {
  const place = at + fault.instancePath;
  const schemaPath = schemaPathOf(fault, notes);
  const key = fault.params.missingProperty ?? fault.params.additionalProperty ?? fault.params.unevaluatedProperty;
  const value = lookUp(body, pointerKeys(place));
  const common = { rule: fault.keyword, schemaPath };
  if (typeof key === 'string' && isJsonObject(value)) {
    const path = place + pointerStep(key);
    const isMissing = fault.params.missingProperty !== undefined;
    const near = isMissing ? meantBy(key, value, fault) : meantInstead(key, value, fault);
    const was = ownValue(value, key);
    return {
      ...common,
      path,
      sentence: isMissing ? missing(path, near) : tooMany(path, near),
      was: was === undefined ? null : printShort(was),
      nearMiss: near,
    };
  }
  const name = fault.propertyName;
  const was = name === undefined ? value : name;
  const path = name === undefined ? place : place + pointerStep(name);
  const subject = name === undefined ? pathInWords(path) : `the name of ${pathInWords(path)}`;
  return {
    ...common,
    path,
    sentence: `${subject} ${demand(fault, notes)}${was === undefined ? '' : `, was ${printShort(was)}`}`,
    was: was === undefined ? null : printShort(was),
    nearMiss: null,
  };
}

function missing(path: string, near: string | null): string {
  return `${pathInWords(path)} is missing${near === null ? '' : `; ${printShort(near)} is there and may be meant`}`;
}

function tooMany(path: string, near: string | null): string {
  return `${pathInWords(path)} is not in the schema${near === null ? '' : `; ${printShort(near)} may be meant`}`;
}

/** A key that is there and that the schema does not know. */
function meantBy(wanted: string, value: Json, { parentSchema }: ErrorObject): string | null {
  const known = namesOf(parentSchema);
  return isJsonObject(value)
    ? nearMiss(
        wanted,
        Object.keys(value).filter((key) => !known.has(key)),
      )
    : null;
}

/** A key that the schema knows and that is not there. */
function meantInstead(given: string, value: Json, { parentSchema }: ErrorObject): string | null {
  return nearMiss(
    given,
    [...namesOf(parentSchema)].filter((key) => isJsonObject(value) && !Object.hasOwn(value, key)),
  );
}

function namesOf(schema: ErrorObject['parentSchema']): ReadonlySet<string> {
  const properties: unknown = schema?.properties;
  return new Set(typeof properties === 'object' && properties !== null ? Object.keys(properties) : []);
}

function schemaPathOf(fault: ErrorObject, { places }: Notes): string {
  const parent = placeOf(fault, places);
  return parent === null ? fault.schemaPath : `${parent}/${fault.keyword}`;
}

function placeOf({ parentSchema }: ErrorObject, places: Notes['places']): string | null {
  return typeof parentSchema === 'object' ? (places.get(parentSchema) ?? null) : null;
}

const CHOICES = new Set(['anyOf', 'oneOf']);
/** What is wrong below these is said by themselves. */
const CLOSED = new Set(['anyOf', 'oneOf', 'not', 'contains']);

/**
 * Of a value that fits none of several forms, what each of them has against it belongs to that one fault, and is not wrong
 * by itself. Where one form fits the value's kind and another does not, the first is what was meant: its faults stay.
 */
function withoutBranches(faults: readonly ErrorObject[], notes: Notes): ErrorObject[] {
  let kept: ErrorObject[] = [];
  for (const fault of faults) {
    const prefixes = CLOSED.has(fault.keyword) ? prefixesOf(fault, notes) : [];
    if (prefixes.length > 0) {
      const below = kept.filter((one) => isBelow(one, prefixes, fault, notes));
      const deeper = below.filter((one) => one.instancePath.length > fault.instancePath.length);
      kept = kept.filter((one) => !below.includes(one));
      // What a list must contain it need not contain everywhere: only of choices is a part what was meant.
      if (CHOICES.has(fault.keyword) && deeper.length > 0) kept.push(...deeper);
      else kept.push(fault);
    } else kept.push(fault);
  }
  // That a case applies is no fault beside those it leads to.
  const others = kept.filter(({ keyword }) => keyword !== 'if');
  return others.length === 0 ? kept : others;
}

/** Where the schemas below a keyword stand: in place, or where their references lead. */
function prefixesOf(fault: ErrorObject, { places, targets }: Notes): string[] {
  const parent = placeOf(fault, places);
  if (parent === null) return [];
  const branches: readonly unknown[] = [fault.schema].flat();
  const led = branches.flatMap((branch) =>
    typeof branch === 'object' && branch !== null ? (targets.get(branch) ?? []) : [],
  );
  return [`${parent}/${fault.keyword}`, ...led];
}

function isBelow(one: ErrorObject, prefixes: readonly string[], fault: ErrorObject, notes: Notes): boolean {
  const place = `${schemaPathOf(one, notes)}/`;
  return one.instancePath.startsWith(fault.instancePath) && prefixes.some((prefix) => place.startsWith(`${prefix}/`));
}

function demand(fault: ErrorObject, { meanings }: Notes): string {
  const parent = fault.parentSchema;
  const meaning = typeof parent === 'object' ? meanings.get(parent) : undefined;
  if (!CHOICES.has(fault.keyword)) return demandOf(fault, meaning);
  if (meaning !== undefined) return `must be ${meaning}`;
  const passing: unknown = fault.params.passingSchemas;
  if (Array.isArray(passing)) return `fits ${passing.length} of the forms it may have, and must fit only one`;
  return `fits none of the ${[fault.schema].flat().length} forms it may have`;
}
