import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerKeys, pointerStep } from '../model/json-pointer.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import { refStandsAlone } from './drafts.ts';
import { lookUp } from './look-up.ts';
import { resolveAddress, type SchemaDocument } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';

/** A reference inside a file: where it stands, and the JSON pointer that it leads to. */
interface Reference {
  readonly node: SchemaNode;
  readonly pointer: string;
  /** What follows the `#`: a pointer, or the name of an anchor. */
  readonly fragment: string;
  /** What has to stand before the `#`: nothing, but in a schema that has an address of its own. */
  readonly document: string;
}

const MAX_REFERENCES = 1_000;
const ANCHOR = /^[A-Za-z_][-A-Za-z0-9._]{0,200}$/;
/** Under these lie values, not schemas: nothing may refer into them. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'example']);
/** Under these lie schemas by names, which may be any. */
const MAPS = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'dependencies']);

/**
 * The references of one schema file. They are resolved here and handed to the validator as pointers into the same file;
 * only what lies in another file, or in a schema inside this one that has an address of its own, is left to it by name.
 */
export class SchemaReferences {
  readonly #document: SchemaDocument;
  readonly #idKey: '$id' | 'id';
  /** Addresses that schemas inside the file have of their own. */
  readonly #inner = new Set<string>();
  readonly #anchors = new Map<string, string>();
  readonly #references: Reference[] = [];
  /** Addresses of the other files it refers to. */
  readonly documents = new Set<string>();
  #byName = 0;
  /** It has a `$dynamicRef` or a `$recursiveRef`, which mean what they say only while it is a file by itself. */
  dynamic = false;

  constructor(document: SchemaDocument) {
    this.#document = document;
    this.#idKey = document.draft === '4' ? 'id' : '$id';
    this.#collectInner(document.root, document.address, true);
  }

  #collectInner(value: Json, base: string, isRoot: boolean): void {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) this.#collectInner(item, base, false);
    if (!isJsonObject(value)) return;
    const id = ownValue(value, this.#idKey);
    const address = typeof id === 'string' && !isRoot ? resolveAddress(id, base) : null;
    if (address !== null && address.document !== base) this.#inner.add(address.document);
    for (const child of Object.values(value)) this.#collectInner(child, address?.document ?? base, false);
  }

  /** The address that references inside a schema are relative to. Gives `node` one of its own where it has one. */
  baseOf(value: JsonObject, pointer: string, around: string, node: SchemaNode): string {
    const base = this.#ownBase(value, pointer, around, node);
    for (const key of ['$anchor', '$dynamicAnchor']) {
      const name = ownValue(value, key);
      if (name !== undefined) this.#anchor(name, `${pointer}/${key}`, pointer, base, node);
    }
    return base;
  }

  #ownBase(value: JsonObject, pointer: string, base: string, node: SchemaNode): string {
    const id = ownValue(value, this.#idKey);
    const besideRef = refStandsAlone(this.#document.draft) && ownValue(value, '$ref') !== undefined;
    if (id === undefined || besideRef || pointer === '') return base;
    const at = `${pointer}/${this.#idKey}`;
    const address = typeof id === 'string' ? resolveAddress(id, base) : null;
    if (address === null) throw new BrokenSchemaError(at, 'this is no address of a schema');
    // Before 2019-09 an anchor was written as an address that is only a fragment.
    if (address.document !== base) node.$id = address.document;
    else if (address.fragment !== '') this.#anchor(address.fragment, at, pointer, base, node);
    return address.document;
  }

  #anchor(name: Json, at: string, pointer: string, base: string, node: SchemaNode): void {
    if (typeof name !== 'string' || !ANCHOR.test(name)) {
      throw new BrokenSchemaError(at, 'this is no anchor: letters, digits, “-”, “_” and “.”');
    }
    // For other files, which refer to it by name.
    node.$anchor = name;
    if (base !== this.#document.address) return;
    if (this.#anchors.has(name)) throw new BrokenSchemaError(at, `the anchor “${name}” is there twice`);
    this.#anchors.set(name, pointer);
  }

  /** Takes note of a `$ref`, `$dynamicRef` or `$recursiveRef` of `node`. */
  add(node: SchemaNode, key: string, value: Json, pointer: string, base: string): void {
    const address = typeof value === 'string' ? resolveAddress(value, base) : null;
    if (typeof value !== 'string' || address === null) {
      throw new BrokenSchemaError(pointer, `${key} is no reference to a schema`);
    }
    if (this.#references.length + this.#byName >= MAX_REFERENCES) {
      throw new BrokenSchemaError(
        pointer,
        `there are more than ${MAX_REFERENCES.toLocaleString('en')} references in it`,
      );
    }
    if (key !== '$ref') this.#mustBeAlone(key, pointer);
    if (address.document === this.#document.address) {
      const document = base === address.document ? '' : address.document;
      this.#references.push({ node, pointer, fragment: address.fragment, document });
      return;
    }
    this.#byName += 1;
    node[key] = value;
    if (!this.#inner.has(address.document)) this.documents.add(address.document);
  }

  /** Which schema such a reference means depends on the way that led to it, unless there is but one. */
  #mustBeAlone(key: string, pointer: string): void {
    this.dynamic = true;
    if (this.#inner.size > 0) {
      throw new BrokenSchemaError(pointer, `${key} cannot be checked in a file with several addresses; use $ref`);
    }
  }

  /**
   * Writes every reference into its node, as a pointer. `harden` is asked for the schemas that stand under no keyword;
   * they are put into the copy under `root`. `noteTarget` learns where each reference leads. Answers whether following
   * them can come back to where it was.
   */
  resolve(
    root: SchemaNode | boolean,
    done: ReadonlyMap<string, unknown>,
    harden: (value: Json, pointer: string) => SchemaNode | boolean,
    noteTarget: (node: SchemaNode, target: string) => void,
  ): boolean {
    const led: { readonly pointer: string; readonly target: string }[] = [];
    // The list grows as what is referred to has references of its own.
    for (const reference of this.#references) {
      const target = this.#targetOf(reference);
      if (!done.has(target)) this.#put(reference.pointer, target, root as SchemaNode, harden);
      const $ref = `${reference.document}#${target.split('/').map(encodeURIComponent).join('/')}`;
      // Two references of one schema both count.
      const holder: SchemaNode = reference.node.$ref === undefined ? reference.node : {};
      holder.$ref = $ref;
      if (holder !== reference.node) {
        reference.node.allOf = [...((reference.node.allOf as unknown[] | undefined) ?? []), holder];
      }
      noteTarget(holder, target);
      led.push({ pointer: reference.pointer, target });
    }
    return this.#byName > 0 || comesBack(led);
  }

  #targetOf({ fragment, pointer }: Reference): string {
    if (fragment === '' || fragment.startsWith('/')) return fragment;
    const target = this.#anchors.get(fragment);
    if (target === undefined) throw leadsNowhere(pointer, fragment);
    return target;
  }

  /** Puts a schema that no keyword led to where its pointer says. */
  #put(pointer: string, target: string, root: SchemaNode, harden: (value: Json, pointer: string) => unknown): void {
    const keys = pointerKeys(target);
    const value = lookUp(this.#document.root, keys);
    const inValue = keys.some((key, place) => VALUES.has(key) && !MAPS.has(keys[place - 1] ?? ''));
    if (value === undefined || inValue || keys.includes('__proto__')) throw leadsNowhere(pointer, target);
    let around = root;
    for (const key of keys.slice(0, -1)) {
      if (typeof around[key] !== 'object') around[key] = {};
      around = around[key] as SchemaNode;
    }
    const last = keys.at(-1) ?? '';
    if (around[last] === undefined) around[last] = harden(value, keys.map(pointerStep).join(''));
    // It is there, and no schema: the names of properties, say. Or it is true or false.
    else if (typeof around[last] !== 'boolean') throw leadsNowhere(pointer, target);
  }
}

function leadsNowhere(pointer: string, target: string): BrokenSchemaError {
  const shown = target.length > 60 ? `${target.slice(0, 60)}…` : target;
  return new BrokenSchemaError(pointer, `it refers to “#${shown}”, where no schema is`);
}

/** True when following references can come back to where it was. */
function comesBack(references: readonly { readonly pointer: string; readonly target: string }[]): boolean {
  const open = new Set<string>();
  const closed = new Set<string>();
  const visit = (target: string): boolean => {
    if (closed.has(target)) return false;
    if (open.has(target)) return true;
    open.add(target);
    const found = references.some(({ pointer, target: next }) => pointer.startsWith(`${target}/`) && visit(next));
    open.delete(target);
    closed.add(target);
    return found;
  };
  return references.some(({ target }) => visit(target));
}
