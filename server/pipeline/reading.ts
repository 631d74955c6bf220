import { createSchemaReaders, type SchemaReaders } from '../decode/schema-readers.ts';
import { compileRules, type RuleSet } from '../envelope/compile-rules.ts';
import { type MaskRules, NO_MASKING } from '../mask/mask-record.ts';
import type { DialectSpec } from '../model/dialect.ts';

/** How records are read: one for all records of a process, the same in the tap and the web of one configuration. */
export interface Reading {
  readonly rules: RuleSet;
  readonly mask: MaskRules;
  /** Compiled schemas: a memory, and no part of the rules. */
  readonly readers: SchemaReaders;
}

/** The operator's dialects in front of the built-in ones. Throws a RangeError for a text that is no rule. */
export function createReading(dialects: readonly DialectSpec[]): Reading {
  return { rules: compileRules(dialects), mask: NO_MASKING, readers: createSchemaReaders() };
}
