import Ajv, { type AnySchema, type ErrorObject, MissingRefError, type Options, type ValidateFunction } from 'ajv';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import type AjvCore from 'ajv/dist/core.js';
import { pointerKeys } from '../model/json-pointer.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import type { Draft } from './drafts.ts';
import { type CheckState, exactKeywords, sounderKeywords } from './exact-keywords.ts';
import { FORMATS } from './formats.ts';
import { type HardenedSchema, hardenSchema } from './harden-schema.ts';
import { payingTest } from './linear-pattern.ts';
import { refuseMalformed } from './meta-schema.ts';
import type { BrokenSchema, SchemaDocument } from './schema-document.ts';
import { emptyNotes, type SchemaNotes } from './schema-notes.ts';
import { workKeyword } from './work-keyword.ts';
import { OUT_OF_WORK } from './work-limit.ts';

/** A schema that can check values. */
export interface CompiledSchema {
  readonly kind: 'compiled';
  readonly document: SchemaDocument;
  readonly checks: SchemaChecks;
}

/** The checks of one schema. They share a state, so one value is checked at a time. */
export interface SchemaChecks {
  readonly state: CheckState;
  /** The parts of a body that it may describe: the first that is there counts. */
  readonly parts: readonly { readonly pointer: string; readonly keys: readonly string[] }[];
  readonly notes: SchemaNotes;
  readonly recursive: boolean;
  /** See `HardenedSchema.delicate`. */
  readonly delicate: boolean;
  /** The first thing that is wrong with a value, with what led to it; empty when it fits. */
  readonly firstFaults: (value: unknown) => readonly ErrorObject[];
  /** Everything that is wrong with a value. */
  readonly allFaults: (value: unknown) => readonly ErrorObject[];
}

/** Schema documents by their addresses: what a schema may refer to. */
export type KnownDocuments = ReadonlyMap<string, SchemaDocument | BrokenSchema>;

const CLASSES: Readonly<Record<Draft, new (options: Options) => AjvCore>> = {
  '4': Ajv,
  '6': Ajv,
  '7': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
};

/**
 * Compiles a schema with everything it refers to in the known documents. What cannot be compiled within the limits comes
 * back as a broken schema, named by the line. Never throws, and fetches nothing.
 */
export function compileSchema(document: SchemaDocument, known: KnownDocuments): CompiledSchema | BrokenSchema {
  try {
    return { kind: 'compiled', document, checks: checksOf(document, known) };
  } catch (error) {
    if (!(error instanceof BrokenSchemaError)) throw error;
    return { kind: 'broken', name: document.name, line: document.lineOf(error.pointer), reason: error.message };
  }
}

function checksOf(document: SchemaDocument, known: KnownDocuments): SchemaChecks {
  const notes = emptyNotes();
  const root = hardenSchema(document, notes, true);
  refuseMalformed(root.schema, document.draft);
  const others = referredTo(document, root, known, notes);
  const parts = [root, ...others.values()];
  if (others.size > 0 && parts.some(({ dynamic }) => dynamic)) {
    throw new BrokenSchemaError('', 'a $dynamicRef or $recursiveRef cannot be checked across files; use $ref');
  }
  const facts = {
    delicate: parts.some(({ delicate }) => delicate),
    namesInherited: parts.some(({ namesInherited }) => namesInherited),
  };
  const state: CheckState = { limit: { left: 0 }, originals: null };
  const compile = (everything: boolean): ValidateFunction => {
    const ajv = validatorFor(document.draft, { ...facts, everything }, notes, state);
    for (const [address, { schema }] of others) ajv.addSchema(schema as AnySchema, address);
    return ajv.compile(root.schema as AnySchema);
  };
  // Code that stops at the first fault nests by one for each schema of a list, which the engine takes ages to read.
  const flat = notes.widest > WIDEST_NESTED;
  let every = flat ? compiled(() => compile(true)) : null;
  const first = every ?? compiled(() => compile(false));
  return {
    state,
    parts: document.purpose.at.map((pointer) => ({ pointer, keys: pointerKeys(pointer) })),
    notes,
    recursive: parts.some(({ recursive }) => recursive),
    delicate: facts.delicate,
    firstFaults: (value) => (first(value) ? NONE : takeErrors(first)),
    allFaults: (value) => {
      // Most schemas never meet a value that does not fit.
      every ??= compile(true);
      return every(value) ? NONE : takeErrors(every);
    },
  };
}

/** Schemas in one list or by the names of one object, up to which the first pass stops at the first fault. */
const WIDEST_NESTED = 150;
const NONE: readonly ErrorObject[] = [];

/** The errors of a check that has just failed. The check would hold on to them, and to the value. */
function takeErrors(check: ValidateFunction): readonly ErrorObject[] {
  const errors = check.errors ?? NONE;
  check.errors = null;
  return errors;
}

/** The library's own complaints about a schema, which all come while it is compiled. */
function compiled(compile: () => ValidateFunction): ValidateFunction {
  try {
    return compile();
  } catch (error) {
    if (error instanceof MissingRefError) {
      throw new BrokenSchemaError('', `it refers to “${error.missingRef.slice(0, 200)}”, which no known schema has`);
    }
    if (error instanceof RangeError) throw new BrokenSchemaError('', 'its schemas nest too deep to be compiled');
    if (error instanceof BrokenSchemaError || !(error instanceof Error)) throw error;
    throw new BrokenSchemaError('', `it cannot be compiled: ${error.message.slice(0, 200)}`);
  }
}

/** Every document that is referred to, directly or not, hardened. */
function referredTo(
  document: SchemaDocument,
  root: HardenedSchema,
  known: KnownDocuments,
  notes: SchemaNotes,
): Map<string, HardenedSchema> {
  const found = new Map<string, HardenedSchema>();
  const wanted = new Set(root.documents);
  for (const address of wanted) {
    if (address === document.address) continue;
    const other = known.get(address);
    if (other === undefined) {
      throw new BrokenSchemaError('', `it refers to “${address.slice(0, 200)}”, which no known schema file is`);
    }
    if (other.kind === 'broken') throw new BrokenSchemaError('', `it refers to “${other.name}”, which is broken`);
    if (other.draft !== document.draft) {
      throw new BrokenSchemaError('', `it refers to “${other.name}”, which is of draft ${other.draft}`);
    }
    const hardened = inDocument(other, () => {
      const copy = hardenSchema(other, notes, false);
      refuseMalformed(copy.schema, other.draft);
      return copy;
    });
    found.set(address, hardened);
    for (const next of hardened.documents) wanted.add(next);
  }
  return found;
}

/** What is wrong in another document is said of that one, and by its line. */
function inDocument<T>(other: SchemaDocument, harden: () => T): T {
  try {
    return harden();
  } catch (error) {
    if (!(error instanceof BrokenSchemaError)) throw error;
    const line = other.lineOf(error.pointer);
    throw new BrokenSchemaError('', `it refers to “${other.name}”, where line ${line} says: ${error.message}`);
  }
}

function validatorFor(
  draft: Draft,
  facts: { readonly delicate: boolean; readonly namesInherited: boolean; readonly everything: boolean },
  notes: SchemaNotes,
  state: CheckState,
): AjvCore {
  const ajv = new CLASSES[draft]({
    strict: false,
    meta: false,
    validateSchema: false,
    // A schema that is referred to a thousand times would be written out as often.
    inlineRefs: false,
    logger: false,
    messages: false,
    formats: FORMATS,
    ownProperties: facts.namesInherited,
    allErrors: facts.everything,
    verbose: true,
    code: { regExp: patternsOf(notes, state), optimize: false },
  });
  const own = [...sounderKeywords(state, notes.exact), ...(facts.delicate ? exactKeywords(state, notes.exact) : [])];
  for (const keyword of own) {
    ajv.removeKeyword(String(keyword.keyword));
    ajv.addKeyword(keyword);
  }
  ajv.addKeyword(workKeyword(state.limit, OUT_OF_WORK));
  return ajv;
}

function patternsOf(notes: SchemaNotes, state: CheckState) {
  const regExp = (source: string) => {
    const engine = notes.patterns.get(source);
    if (engine === undefined) throw new BrokenSchemaError('', 'a pattern was not looked at');
    return payingTest(source, engine, state.limit);
  };
  return Object.assign(regExp, { code: 'pattern' });
}
