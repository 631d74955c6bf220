import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerStep } from '../model/json-pointer.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import { type Draft, KEYWORDS, refStandsAlone } from './drafts.ts';
import { standInFor } from './exact-value.ts';
import { FORMATS } from './formats.ts';
import { compilePattern } from './linear-pattern.ts';
import type { SchemaDocument } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaNotes } from './schema-notes.ts';
import { SchemaReferences } from './schema-references.ts';
import { refuseUnsoundEvaluation } from './unevaluated.ts';
import { WORK, WORK_OF_REFERENCE, workOf } from './work-keyword.ts';

/** A schema as the validator gets it: bounded, with nothing in it but keywords of its draft. */
export interface HardenedSchema {
  readonly schema: SchemaNode | boolean;
  /** Addresses of the other documents it refers to. */
  readonly documents: ReadonlySet<string>;
  /** It may refer to itself, so that a deep value takes it as deep. */
  readonly recursive: boolean;
  /** See `SchemaReferences.dynamic`. */
  readonly dynamic: boolean;
  /** It has a rule whose answer may change when a number beyond 2^53 is rounded. */
  readonly delicate: boolean;
  /** It names a property that every object inherits, such as `constructor`. */
  readonly namesInherited: boolean;
}

/** Each takes up to a millisecond to compile, and some again when the first value does not fit. */
const MAX_SCHEMAS = 1_500;
const MAX_PATTERNS = 500;
const MAX_PATTERN_STEPS = 20_000;
const MAX_MEANING = 200;
/** These are no rules: what they say is in the references. */
const NAMES = new Set(['$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor']);
const REFERENCES = new Set(['$ref', '$dynamicRef', '$recursiveRef']);
const NUMBERS = new Set(['multipleOf', 'maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum']);

/**
 * Copies a schema for the validator. The copy holds keywords of its draft alone (so nothing that the validator knows beside
 * JSON Schema, such as `$async`, is in it), draft 4 in the writing of draft 7, every schema with the price of its work.
 * What is beyond the limits, a pattern that cannot be run in linear time, and a reference that leads nowhere, throw
 * `BrokenSchemaError`. Annotations are not copied, apart from what references point to.
 */
export function hardenSchema(document: SchemaDocument, notes: SchemaNotes, isRoot: boolean): HardenedSchema {
  const hardener = new Hardener(document, notes, isRoot ? '' : document.address);
  return hardener.whole();
}

class Hardener {
  readonly #document: SchemaDocument;
  readonly #notes: SchemaNotes;
  /** What stands before the `#` of a place. */
  readonly #prefix: string;
  readonly #draft: Draft;
  /** Copies by their pointers. */
  readonly #done = new Map<string, SchemaNode>();
  readonly #references: SchemaReferences;
  #delicate = false;
  #namesInherited = false;

  constructor(document: SchemaDocument, notes: SchemaNotes, prefix: string) {
    this.#document = document;
    this.#notes = notes;
    this.#prefix = prefix;
    this.#draft = document.draft;
    this.#references = new SchemaReferences(document);
  }

  whole(): HardenedSchema {
    const { address, root } = this.#document;
    refuseUnsoundEvaluation(root);
    const schema = this.#schema(root, '', address);
    if (typeof schema === 'object') schema.$id = address;
    const recursive = this.#references.resolve(
      schema,
      this.#done,
      (value, pointer) => this.#schema(value, pointer, address),
      (node, target) => {
        node[WORK] ??= WORK_OF_REFERENCE;
        this.#notes.targets.set(node, `${this.#prefix}#${target}`);
      },
    );
    return {
      schema,
      documents: this.#references.documents,
      recursive,
      dynamic: this.#references.dynamic,
      delicate: this.#delicate,
      namesInherited: this.#namesInherited,
    };
  }

  #schema(value: Json | undefined, pointer: string, base: string): SchemaNode | boolean {
    if (typeof value === 'boolean') return value;
    if (!isJsonObject(value)) throw new BrokenSchemaError(pointer, 'a schema is an object, or true or false');
    this.#notes.count += 1;
    if (this.#notes.count > MAX_SCHEMAS) {
      throw new BrokenSchemaError(pointer, `there are more than ${MAX_SCHEMAS.toLocaleString('en')} schemas in it`);
    }
    const node: SchemaNode = {};
    this.#done.set(pointer, node);
    this.#notes.places.set(node, `${this.#prefix}#${pointer}`);
    this.#noteMeaning(node, value);
    const inner = this.#references.baseOf(value, pointer, base, node);
    const alone = refStandsAlone(this.#draft) && typeof ownValue(value, '$ref') === 'string';
    for (const key of Object.keys(value)) {
      const kind = Object.hasOwn(KEYWORDS[this.#draft], key) ? KEYWORDS[this.#draft][key] : undefined;
      if (kind === undefined || (alone && key !== '$ref' && key !== 'definitions')) continue;
      const at = pointer + pointerStep(key);
      const child = ownValue(value, key) ?? null;
      if (kind === 'data') this.#data(node, key, child, at, inner);
      else if (kind === 'map') node[key] = this.#map(key, child, at, inner);
      else if (kind === 'schema' || (kind === 'schema or list' && !Array.isArray(child))) {
        node[key] = this.#schema(child, at, inner);
      } else node[key] = this.#list(child, at, inner);
    }
    if (this.#draft === '4') exclusiveByNumber(node);
    const work = workOf(node);
    if (work !== null) node[WORK] = work;
    return node;
  }

  #noteMeaning(node: SchemaNode, value: JsonObject): void {
    const own = ownValue(value, 'x-throughline');
    const means = isJsonObject(own) ? ownValue(own, 'means') : undefined;
    if (typeof means === 'string') this.#notes.meanings.set(node, means.slice(0, MAX_MEANING));
  }

  #map(key: string, value: Json, pointer: string, base: string): SchemaNode {
    if (!isJsonObject(value)) throw new BrokenSchemaError(pointer, `${key} is an object of schemas`);
    const map: SchemaNode = {};
    const names = Object.keys(value);
    this.#notes.widest = Math.max(this.#notes.widest, names.length);
    for (const name of names) {
      const at = pointer + pointerStep(name);
      const child = ownValue(value, name);
      if (key === 'patternProperties') this.#pattern(name, at);
      if (key === 'properties' || key === 'dependencies' || key === 'dependentSchemas') this.#name(name, at);
      if (key === 'dependencies' && Array.isArray(child)) map[name] = this.#names(child, at);
      else map[name] = this.#schema(child, at, base);
    }
    return map;
  }

  #list(value: Json, pointer: string, base: string): unknown[] {
    if (!Array.isArray(value)) throw new BrokenSchemaError(pointer, 'this is a list of schemas');
    this.#notes.widest = Math.max(this.#notes.widest, value.length);
    return value.map((item: Json, place) => this.#schema(item, `${pointer}/${place}`, base));
  }

  #data(node: SchemaNode, key: string, value: Json, pointer: string, base: string): void {
    if (NAMES.has(key)) return;
    if (REFERENCES.has(key)) {
      this.#references.add(node, key, value, pointer, base);
      return;
    }
    if (key === 'pattern') this.#pattern(value, pointer);
    else if (key === 'required') this.#names(value, pointer);
    else if (key === 'dependentRequired' && isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        this.#name(name, pointer + pointerStep(name));
        this.#names(ownValue(value, name) ?? null, pointer + pointerStep(name));
      }
    } else if (key === 'format' && (typeof value !== 'string' || !Object.hasOwn(FORMATS, value))) return;
    if (key === 'multipleOf' || key === 'uniqueItems') this.#delicate = true;
    const { value: plain } = standInFor(value);
    const large = plain !== value;
    if (large || (NUMBERS.has(key) && typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
      this.#delicate = true;
    }
    if (large) this.#notes.exact.set(node, new Map(this.#notes.exact.get(node)).set(key, value));
    node[key] = plain;
  }

  #names(value: Json, pointer: string): Json {
    if (Array.isArray(value)) {
      for (const [place, name] of (value as readonly Json[]).entries()) {
        if (typeof name === 'string') this.#name(name, `${pointer}/${place}`);
        // The validator takes it for no name at all.
        if (name === '') throw new BrokenSchemaError(pointer, 'a field without a name cannot be required');
      }
    }
    return value;
  }

  #name(name: string, pointer: string): void {
    // The validator leaves this one out without a word.
    if (name === '__proto__') throw new BrokenSchemaError(pointer, 'a property called “__proto__” cannot be described');
    if (name in Object.prototype) this.#namesInherited = true;
  }

  #pattern(source: Json, pointer: string): void {
    if (typeof source !== 'string' || this.#notes.patterns.has(source)) return;
    if (this.#notes.patterns.size >= MAX_PATTERNS) {
      throw new BrokenSchemaError(pointer, `there are more than ${MAX_PATTERNS} patterns in it`);
    }
    const pattern = compilePattern(source);
    if (!pattern.ok) throw new BrokenSchemaError(pointer, `the pattern “${shortened(source)}” ${pattern.why}`);
    this.#notes.patternSteps += pattern.engine.programSize();
    if (this.#notes.patternSteps > MAX_PATTERN_STEPS) {
      throw new BrokenSchemaError(
        pointer,
        `its patterns have more than ${MAX_PATTERN_STEPS.toLocaleString('en')} steps`,
      );
    }
    this.#notes.patterns.set(source, pattern.engine);
  }
}

/** Draft 4 says by a flag that a bound does not belong to what it bounds; the drafts after it by a bound of its own. */
function exclusiveByNumber(node: SchemaNode): void {
  for (const [bound, exclusive] of [
    ['maximum', 'exclusiveMaximum'],
    ['minimum', 'exclusiveMinimum'],
  ] as const) {
    const flag = node[exclusive];
    delete node[exclusive];
    if (flag !== true || node[bound] === undefined) continue;
    node[exclusive] = node[bound];
    delete node[bound];
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
