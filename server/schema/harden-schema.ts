import type { RE2JS } from 're2js';
import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import { type Draft, KEYWORDS, refStandsAlone } from './drafts.ts';
import { FORMATS } from './formats.ts';
import { pointerKeys, pointerStep } from './json-text.ts';
import { compilePattern } from './linear-pattern.ts';
import { lookUp } from './look-up.ts';
import { resolveAddress, type SchemaDocument } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';
import { WORK, workOf } from './work-keyword.ts';

/** A schema as the validator gets it: bounded, with nothing in it but keywords of its draft. */
export interface HardenedSchema {
  readonly schema: SchemaNode | boolean;
  /** Addresses of the other documents it refers to. */
  readonly documents: ReadonlySet<string>;
  /** It refers to itself, so that a deep value takes it as deep. */
  readonly recursive: boolean;
  /** It has a rule whose answer may change when a number beyond 2^53 is rounded. */
  readonly delicate: boolean;
  /** It names a property that every object inherits, such as `constructor`. */
  readonly namesInherited: boolean;
}

/** What is known of the hardened schemas of one compilation, by their nodes. */
export interface SchemaNotes {
  /** Where a node stands, as `#/properties/a`; in another document with its address before it. */
  readonly places: WeakMap<object, string>;
  /** Where the `$ref` of a node leads, in the same form. */
  readonly targets: WeakMap<object, string>;
  /** What its author says a value must be, in words. */
  readonly meanings: WeakMap<object, string>;
  /** Values of its keywords with numbers beyond 2^53 as they were written. */
  readonly exact: WeakMap<object, ReadonlyMap<string, Json>>;
  readonly patterns: Map<string, RE2JS>;
  /** Schemas so far, counted over all documents. */
  count: number;
}

const MAX_SCHEMAS = 4_000;
const MAX_REFERENCES = 1_000;
const MAX_PATTERNS = 500;
const MAX_MEANING = 200;
const ANCHOR = /^[A-Za-z_][-A-Za-z0-9._]{0,200}$/;
const ANCHORS = new Set(['$anchor', '$dynamicAnchor']);
const NUMBERS = new Set(['multipleOf', 'maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum']);
/** Under these lie values, not schemas: nothing may refer into them. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'example']);

/** No notes yet. */
export function emptyNotes(): SchemaNotes {
  return {
    places: new WeakMap(),
    targets: new WeakMap(),
    meanings: new WeakMap(),
    exact: new WeakMap(),
    patterns: new Map(),
    count: 0,
  };
}

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

interface Reference {
  readonly pointer: string;
  readonly target: string;
}

class Hardener {
  readonly #document: SchemaDocument;
  readonly #notes: SchemaNotes;
  /** What stands before the `#` of a place. */
  readonly #prefix: string;
  readonly #draft: Draft;
  readonly #documents = new Set<string>();
  /** Copies by their pointers. */
  readonly #done = new Map<string, SchemaNode | boolean>();
  readonly #references: Reference[] = [];
  readonly #inner = new Set<string>();
  #foreign = 0;
  #recursive = false;
  #delicate = false;
  #namesInherited = false;

  constructor(document: SchemaDocument, notes: SchemaNotes, prefix: string) {
    this.#document = document;
    this.#notes = notes;
    this.#prefix = prefix;
    this.#draft = document.draft;
  }

  whole(): HardenedSchema {
    this.#collectInner(this.#document.root);
    const schema = this.#schema(this.#document.root, '', this.#document.address);
    if (typeof schema === 'object') schema.$id = this.#document.address;
    // The list grows as what is referred to has references of its own.
    for (const reference of this.#references) this.#follow(reference, schema);
    return {
      schema,
      documents: this.#documents,
      recursive: this.#recursive || this.#foreign > 0 || refersToItself(this.#references),
      delicate: this.#delicate,
      namesInherited: this.#namesInherited,
    };
  }

  /** Addresses that schemas inside have of their own: references to those stay inside the file. */
  #collectInner(value: Json): void {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) this.#collectInner(item);
    if (!isJsonObject(value)) return;
    const id = ownValue(value, this.#draft === '4' ? 'id' : '$id');
    const address = typeof id === 'string' ? resolveAddress(id, this.#document.address) : null;
    if (address !== null) this.#inner.add(address.document);
    for (const child of Object.values(value)) this.#collectInner(child);
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
    const inner = pointer === '' ? base : this.#ownBase(value, pointer, base, node);
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

  /** The address that references inside a schema are relative to. */
  #ownBase(value: JsonObject, pointer: string, base: string, node: SchemaNode): string {
    const id = ownValue(value, this.#draft === '4' ? 'id' : '$id');
    if (id === undefined || (refStandsAlone(this.#draft) && ownValue(value, '$ref') !== undefined)) return base;
    const address = typeof id === 'string' ? resolveAddress(id, base) : null;
    if (address === null) throw new BrokenSchemaError(`${pointer}/$id`, 'this is no address of a schema');
    node.$id = address.fragment === '' ? address.document : `${address.document}#${address.fragment}`;
    return address.document;
  }

  #map(key: string, value: Json, pointer: string, base: string): SchemaNode {
    if (!isJsonObject(value)) throw new BrokenSchemaError(pointer, `${key} is an object of schemas`);
    const map: SchemaNode = {};
    for (const name of Object.keys(value)) {
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
    return value.map((item: Json, place) => this.#schema(item, `${pointer}/${place}`, base));
  }

  #data(node: SchemaNode, key: string, value: Json, pointer: string, base: string): void {
    if (key === '$id' || key === 'id') return;
    if (key.endsWith('Ref') || key === '$ref') this.#reference(node, key, value, pointer, base);
    else if (key === 'pattern') this.#pattern(value, pointer);
    else if (key === 'required') this.#names(value, pointer);
    else if (key === 'dependentRequired' && isJsonObject(value)) {
      for (const name of Object.keys(value)) {
        this.#name(name, pointer + pointerStep(name));
        this.#names(ownValue(value, name) ?? null, pointer + pointerStep(name));
      }
    } else if (key === 'format' && (typeof value !== 'string' || !Object.hasOwn(FORMATS, value))) return;
    else if (ANCHORS.has(key) && !(typeof value === 'string' && ANCHOR.test(value))) {
      throw new BrokenSchemaError(pointer, 'this is no anchor: letters, digits, “-”, “_” and “.”');
    }
    if (key === 'multipleOf' || key === 'uniqueItems') this.#delicate = true;
    const large = hasLargeNumber(value);
    if (large || (NUMBERS.has(key) && typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
      this.#delicate = true;
    }
    if (large) this.#notes.exact.set(node, new Map(this.#notes.exact.get(node)).set(key, value));
    node[key] = plainCopy(value);
  }

  #names(value: Json, pointer: string): Json {
    if (Array.isArray(value)) {
      for (const [place, name] of (value as readonly Json[]).entries()) {
        if (typeof name === 'string') this.#name(name, `${pointer}/${place}`);
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
    this.#notes.patterns.set(source, pattern.engine);
  }

  #reference(node: SchemaNode, key: string, value: Json, pointer: string, base: string): void {
    if (key !== '$ref') this.#recursive = true;
    const address = typeof value === 'string' ? resolveAddress(value, base) : null;
    if (typeof value !== 'string' || address === null) {
      throw new BrokenSchemaError(pointer, `${key} is no reference to a schema`);
    }
    if (this.#references.length + this.#foreign >= MAX_REFERENCES) {
      throw new BrokenSchemaError(
        pointer,
        `there are more than ${MAX_REFERENCES.toLocaleString('en')} references in it`,
      );
    }
    node[key] = value;
    const { document, fragment } = address;
    if (document === this.#document.address && (fragment === '' || fragment.startsWith('/'))) {
      this.#references.push({ pointer, target: fragment });
      if (key === '$ref') this.#notes.targets.set(node, `${this.#prefix}#${fragment}`);
      return;
    }
    this.#foreign += 1;
    if (document !== this.#document.address && !this.#inner.has(document)) this.#documents.add(document);
  }

  /** Sees to it that what a reference names is there, and hardened too where it stands under no keyword. */
  #follow({ pointer, target }: Reference, root: SchemaNode | boolean): void {
    if (this.#done.has(target)) return;
    const keys = pointerKeys(target);
    const value = lookUp(this.#document.root, keys);
    if (value === undefined || keys.some((key) => VALUES.has(key)) || keys.includes('__proto__')) {
      throw this.#leadsNowhere({ pointer, target });
    }
    let around = root as SchemaNode;
    for (const key of keys.slice(0, -1)) {
      if (typeof around[key] !== 'object') around[key] = {};
      around = around[key] as SchemaNode;
    }
    const last = keys.at(-1) ?? '';
    if (around[last] === undefined) around[last] = this.#schema(value, target, this.#document.address);
    // It is there, and no schema: the names of properties, say. Or it is true or false.
    else if (typeof around[last] !== 'boolean') throw this.#leadsNowhere({ pointer, target });
  }

  #leadsNowhere({ pointer, target }: Reference): BrokenSchemaError {
    return new BrokenSchemaError(pointer, `it refers to “#${shortened(target)}”, where no schema is`);
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

/** True when following references can come back to where it was. */
function refersToItself(references: readonly Reference[]): boolean {
  const state = new Map<string, 'open' | 'closed'>();
  const inside = (target: string): readonly Reference[] =>
    references.filter(({ pointer }) => pointer.startsWith(`${target}/`));
  const comesBack = (target: string): boolean => {
    const known = state.get(target);
    if (known !== undefined) return known === 'open';
    state.set(target, 'open');
    const found = inside(target).some((reference) => comesBack(reference.target));
    state.set(target, 'closed');
    return found;
  };
  return references.some(({ target }) => comesBack(target));
}

function hasLargeNumber(value: Json): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasLargeNumber);
}

/** Integers beyond 2^53 as numbers: the validator knows no others. */
function plainCopy(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (!isJsonObject(value)) return value.map(plainCopy);
  const copy: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(value)) {
    Object.defineProperty(copy, key, { value: plainCopy(child), writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
