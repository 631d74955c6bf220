import { createSchemaReaders, type SchemaReaders } from '../decode/schema-readers.ts';
import { compileRules, type RuleSet } from '../envelope/compile-rules.ts';
import { type MaskRules, NO_MASKING } from '../mask/mask-record.ts';
import {
  createQueueNames,
  type DeadLetterRules,
  NO_DEAD_LETTER_RULES,
  type QueueNames,
  queueDigest,
} from '../model/dead-letter-queue.ts';
import type { DialectSpec } from '../model/dialect.ts';
import type { SearchField } from '../model/search-field.ts';

/** How records are read: one for all records of a process, the same in the tap and the web of one configuration. */
export interface Reading {
  readonly rules: RuleSet;
  readonly mask: MaskRules;
  /** Values of the body by which traces are found. */
  readonly fields: readonly SearchField[];
  /** Which topics hold dead letters. */
  readonly queues: QueueNames;
  /** A text that is the same exactly when events would be read the same. */
  readonly digest: string;
  /** Compiled schemas: a memory, and no part of the rules. */
  readonly readers: SchemaReaders;
}

/** The operator's dialects in front of the built-in ones. Throws a RangeError for a text that is no rule. */
export function createReading(
  dialects: readonly DialectSpec[],
  fields: readonly SearchField[] = [],
  deadLetters: DeadLetterRules = NO_DEAD_LETTER_RULES,
): Reading {
  const rules = compileRules(dialects);
  const declared = queueDigest(deadLetters);
  const texts = fields.map(({ name, texts }) => [name, texts]);
  const digest =
    declared === '' && fields.length === 0
      ? rules.digest
      : JSON.stringify([rules.digest, texts, ...(declared === '' ? [] : [declared])]);
  const queues = createQueueNames(deadLetters);
  return { rules, mask: NO_MASKING, fields, queues, digest, readers: createSchemaReaders() };
}
