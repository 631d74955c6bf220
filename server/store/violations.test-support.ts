import type { FoundViolation, SchemaCheck, SchemaIdentity } from '../model/schema-check.ts';

/** A schema as the pipeline names it. */
export const PAID: SchemaIdentity = {
  name: 'paid.json',
  title: 'An order was paid',
  version: '1.0.0',
  origin: 'operator',
  contentHash: 'ab'.repeat(32),
};

/** An event that fits. */
export const FITS: SchemaCheck = { status: 'ok', schema: PAID, errors: [], complete: true };

/** One error of a schema. */
export function errorAt(path: string, rule = 'required', schema: SchemaIdentity | null = PAID): FoundViolation {
  return { path, rule, sentence: `${path} is wrong by ${rule}`, was: null, nearMiss: null, schema };
}

/** An event that breaks its schema. */
export function breaks(...errors: readonly FoundViolation[]): SchemaCheck {
  return { status: 'violation', schema: PAID, errors, complete: true };
}
