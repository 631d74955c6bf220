import { chooseSchema, type EventFacts, envelopeSchema, type SchemaChoice } from './choose-schema.ts';
import type { CompiledSchema } from './compile-schema.ts';
import type { SchemaError } from './describe-faults.ts';
import type { SchemaSet } from './schema-set.ts';
import { type CheckedBody, validate } from './validate-value.ts';

/** What an event breaks of one schema. */
export interface BrokenRules {
  readonly schema: CompiledSchema;
  /** At least one. */
  readonly errors: readonly SchemaError[];
  /** False when there may be more than these. */
  readonly complete: boolean;
}

/** What became of an event when it was held against its schemas. `why` is a sentence without a full stop. */
export type EventCheck =
  | { readonly status: 'ok'; readonly schema: CompiledSchema; readonly why: string }
  /** At least one schema that it breaks; the envelope's comes first. */
  | {
      readonly status: 'violation';
      /** The one that describes its payload; null where none does. */
      readonly schema: CompiledSchema | null;
      readonly broken: readonly BrokenRules[];
      readonly why: string;
    }
  | { readonly status: 'unknown reference'; readonly reference: string; readonly why: string }
  /** No schema is for it, or it could not be decided. It is never `ok`. */
  | { readonly status: 'unchecked'; readonly why: string }
  /** Read the body digit by digit and check that: `CheckedBody.exact`. */
  | { readonly status: 'needs exact numbers' };

/** The schemas that an event is held against. The same facts always have the same. */
export interface ChosenSchemas {
  readonly choice: SchemaChoice;
  /** That of the envelope before that of the payload. */
  readonly schemas: readonly CompiledSchema[];
}

/** Chooses the schema of an event's envelope and that of its payload. */
export function chooseSchemas(facts: EventFacts, set: SchemaSet): ChosenSchemas {
  const choice = chooseSchema(facts, set);
  const envelope = envelopeSchema(facts, set);
  return {
    choice,
    schemas: [...(envelope === null ? [] : [envelope]), ...(choice.kind === 'schema' ? [choice.schema] : [])],
  };
}

/**
 * Holds an event against the schema of its envelope and that of its payload. It is `ok` only when a schema describes its
 * payload and nothing is wrong; an envelope that is wrong is a violation even where nothing describes the payload. Never
 * throws.
 */
export function checkChosen({ choice, schemas }: ChosenSchemas, checked: CheckedBody): EventCheck {
  if (choice.kind === 'unknown reference') {
    return { status: 'unknown reference', reference: choice.reference, why: choice.why };
  }
  const broken: BrokenRules[] = [];
  let gaveUp: keyof typeof GAVE_UP | null = null;
  for (const schema of schemas) {
    const verdict = validate(schema, checked);
    if (verdict.kind === 'needs exact numbers') return { status: 'needs exact numbers' };
    if (verdict.kind === 'gave up') gaveUp = verdict.reason;
    if (verdict.kind === 'violation') addNew(broken, schema, verdict);
  }
  const schema = choice.kind === 'schema' ? choice.schema : null;
  if (broken.length > 0) return { status: 'violation', schema, broken, why: choice.why };
  if (gaveUp !== null) return { status: 'unchecked', why: `the check gave up: ${GAVE_UP[gaveUp]}` };
  return schema === null ? { status: 'unchecked', why: choice.why } : { status: 'ok', schema, why: choice.why };
}

/** That the payload is missing is said once, whichever schema misses it. */
function addNew(broken: BrokenRules[], schema: CompiledSchema, found: Omit<BrokenRules, 'schema'>): void {
  const said = new Set(broken.flatMap(({ errors }) => errors.map(({ path, rule }) => `${path} ${rule}`)));
  const errors = found.errors.filter(({ path, rule }) => !said.has(`${path} ${rule}`));
  if (errors.length > 0) broken.push({ schema, errors, complete: found.complete });
}

const GAVE_UP = {
  'too deep': 'the body nests too deep for a schema that refers to itself',
  'too much work': 'the schema asks for more work than a body of this size may take',
} as const;
