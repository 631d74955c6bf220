import type { z } from 'zod';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/wire.ts';
import { problem } from './problem.ts';

export type ParsedQuery<T> =
  | { readonly ok: true; readonly query: T }
  | { readonly ok: false; readonly refusal: Response };

type Faults = NonNullable<Problem['errors']>;

/**
 * Reads the query of a request by its schema. Every parameter at fault is named with a sentence: unknown ones with the
 * nearest known, those given twice, and values of the wrong form. An empty value counts as absent.
 */
export function parseQuery<S extends z.ZodObject>(request: Request, schema: S): ParsedQuery<z.output<S>> {
  const given = new URL(request.url).searchParams;
  const faults = [...unknownNames(given, schema), ...repeatedNames(given)];
  const known = Object.keys(schema.shape).filter((name) => given.get(name));
  const parsed = schema.safeParse(Object.fromEntries(known.map((name) => [name, given.get(name)])));
  if (parsed.success && faults.length === 0) return { ok: true, query: parsed.data };
  const malformed = parsed.success ? [] : parsed.error.issues.map(faultOfIssue);
  return { ok: false, refusal: badParameters([...faults, ...malformed]) };
}

/** The answer to a query with parameters at fault. */
export function badParameters(errors: Faults): Response {
  const names = [...new Set(errors.map((error) => error.name))].map(cut).join(', ');
  return problem({
    kind: 'bad-parameter',
    title: errors.length === 1 ? 'A parameter is not understood' : 'Parameters are not understood',
    status: 400,
    detail: `At fault: ${names}.`,
    errors,
  });
}

function unknownNames(given: URLSearchParams, schema: z.ZodObject): Faults {
  const known = Object.keys(schema.shape);
  const unknown = [...new Set(given.keys())].filter((name) => !Object.hasOwn(schema.shape, name));
  return unknown.slice(0, FAULTS).map((name) => {
    const near = nearest(name, known);
    const remedy =
      near !== null ? `did you mean ${near}?` : known.length > 0 ? `known are ${known.join(', ')}.` : 'none is.';
    return { name: cut(name), reason: `is not known here; ${remedy}` };
  });
}

function repeatedNames(given: URLSearchParams): Faults {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of given.keys()) (seen.has(name) ? repeated : seen).add(name);
  return [...repeated].slice(0, FAULTS).map((name) => ({ name: cut(name), reason: 'is given more than once.' }));
}

function faultOfIssue(issue: z.core.$ZodIssue): Faults[number] {
  return { name: issue.path.map(String).join('.'), reason: `${issue.message}.` };
}

/** Faults of a kind named in one answer; a query of thousands is not echoed. */
const FAULTS = 20;

/** A name as an answer repeats it: strangers choose its length. */
function cut(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
