import type { ErrorObject } from 'ajv';
import type { Json } from '../model/json.ts';
import type { CompiledSchema, SchemaChecks } from './compile-schema.ts';
import { describeFaults, describeMissingPart, MOST_ERRORS, type SchemaError } from './describe-faults.ts';
import { isDeeperThan, mayBeRounded, standInFor } from './exact-value.ts';
import { lookUp } from './look-up.ts';
import { OutOfWorkError } from './work-limit.ts';

/** A body to check. */
export interface CheckedBody {
  readonly body: Json;
  /** Bytes of the record's value: the work that a check may take grows with them. */
  readonly bytes: number;
  /** True when it was read digit by digit, so that `bigint` may stand in it. */
  readonly exact: boolean;
}

/** What came of checking a body by one schema. */
export type Verdict =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'violation';
      /** At least one, at most `MOST_ERRORS`. */
      readonly errors: readonly SchemaError[];
      /** False when there may be more than these. */
      readonly complete: boolean;
    }
  /** It could not be decided within bounds: the body is neither right nor wrong. */
  | { readonly kind: 'gave up'; readonly reason: 'too deep' | 'too much work' }
  /** A number beyond 2^53 could decide: read the body digit by digit and check that. */
  | { readonly kind: 'needs exact numbers' };

const OK: Verdict = { kind: 'ok' };

/** Work that every check may take, and what each byte of the body adds. Ordinary schemas take a hundredth of it. */
const WORK_AT_LEAST = 100_000;
const WORK_PER_BYTE = 64;
/** The second pass collects every fault there is: past this many schemas tried, the first one has to do. */
const WORK_FOR_FAULTS = 20_000;
/** How deep a body may nest to be checked by a schema that refers to itself. */
const MAX_DEPTH = 200;

/**
 * Checks the part of a body that a schema describes: a fast pass that stops at the first fault, and for what does not fit
 * a bounded second one that collects the rest. Never throws, whatever the body.
 */
export function validate(schema: CompiledSchema, checked: CheckedBody): Verdict {
  const { body } = checked;
  const { checks } = schema;
  const { at, value } = partOf(body, checks.parts);
  if (value === undefined) return { kind: 'violation', errors: [describeMissingPart(body, at)], complete: true };
  if (checks.recursive && isDeeperThan(value, MAX_DEPTH)) return { kind: 'gave up', reason: 'too deep' };
  if (checks.delicate && !checked.exact && mayBeRounded(value)) return { kind: 'needs exact numbers' };
  try {
    return verdictOf(checks, value, checked, at);
  } catch (error) {
    if (error instanceof OutOfWorkError) return { kind: 'gave up', reason: 'too much work' };
    // The stack: of references in a circle, or of a body that nests deeper than it.
    if (error instanceof RangeError) return { kind: 'gave up', reason: 'too deep' };
    throw error;
  } finally {
    checks.state.originals = null;
  }
}

/** The first part that is there; the first of all, undefined, when none is. */
function partOf(body: Json, parts: SchemaChecks['parts']): { readonly at: string; readonly value: Json | undefined } {
  for (const { pointer, keys } of parts) {
    const value = lookUp(body, keys);
    if (value !== undefined) return { at: pointer, value };
  }
  return { at: parts[0]?.pointer ?? '', value: undefined };
}

function verdictOf(checks: SchemaChecks, value: Json, { body, bytes, exact }: CheckedBody, at: string): Verdict {
  const standIn = exact ? standInFor(value) : { value, originals: null };
  checks.state.originals = standIn.originals;
  checks.state.limit.left = WORK_AT_LEAST + WORK_PER_BYTE * bytes;
  const first = checks.firstFaults(standIn.value);
  if (first.length === 0) return OK;
  const all = allFaults(checks, standIn.value);
  const errors = describeFaults(all ?? first, body, at, checks.notes);
  return { kind: 'violation', errors, complete: all !== null && errors.length < MOST_ERRORS };
}

/** Null when there is too much to look at. */
function allFaults(checks: SchemaChecks, value: unknown): readonly ErrorObject[] | null {
  checks.state.limit.left = WORK_FOR_FAULTS;
  try {
    const faults = checks.allFaults(value);
    return faults.length === 0 ? null : faults;
  } catch (error) {
    if (error instanceof OutOfWorkError || error instanceof RangeError) return null;
    throw error;
  }
}
