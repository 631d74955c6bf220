import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import { DEFAULT_DRAFT, type Draft, draftOf } from './drafts.ts';
import { readJsonText } from './json-text.ts';
import { type Purpose, readPurpose } from './purpose.ts';

/** Who wrote a schema. The operator's come before a registry's, and those before the built-in ones. */
export type SchemaOrigin = 'operator' | 'registry' | 'built in';

/** The text of a schema, as it was found. */
export interface SchemaFile {
  /** Its name to people, and what other files refer to it by: the path below the schema folder, e.g. `orders/paid.json`. */
  readonly name: string;
  readonly text: string;
  readonly origin: SchemaOrigin;
}

/** A schema that was read, and not looked at any further. */
export interface SchemaDocument {
  readonly kind: 'schema';
  /** The name without `.json`: what violations are counted by. */
  readonly id: string;
  readonly name: string;
  readonly origin: SchemaOrigin;
  readonly title: string | null;
  readonly description: string | null;
  readonly draft: Draft;
  /** The absolute address it goes by: its `$id`, else one made of its name. Nothing is ever fetched from it. */
  readonly address: string;
  readonly purpose: Purpose;
  readonly root: Json;
  /** The line of what a JSON pointer names, from 1. */
  readonly lineOf: (pointer: string) => number;
}

/** A schema file that cannot be used. The others go on. */
export interface BrokenSchema {
  readonly kind: 'broken';
  readonly name: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** A sentence without a full stop. */
  readonly reason: string;
}

/** Characters of a schema file. */
const MAX_SCHEMA_CHARACTERS = 500_000;

/** What stands before the name of a file to make an address of it. */
const FILES = 'throughline:/schemas/';
/** Texts that are an address: nothing that JavaScript or a URL reads in a way of its own. */
const ADDRESS = /^[A-Za-z0-9/.~][\w:/.?~@%+&=!$'()*,;-]{0,500}#?$/;

/** Reads the text of a schema file: JSON, what it is for, which draft. Never throws. */
export function readSchemaFile(file: SchemaFile): SchemaDocument | BrokenSchema {
  const broken = (line: number, reason: string): BrokenSchema => ({ kind: 'broken', name: file.name, line, reason });
  if (file.text.length > MAX_SCHEMA_CHARACTERS) {
    return broken(1, `the file has more than ${MAX_SCHEMA_CHARACTERS.toLocaleString('en')} characters`);
  }
  const json = readJsonText(file.text);
  if (json.kind === 'broken') return broken(json.line, json.reason);
  try {
    return document(file, json.value, json.lineOf);
  } catch (error) {
    if (error instanceof BrokenSchemaError) return broken(json.lineOf(error.pointer), error.message);
    throw error;
  }
}

function document(file: SchemaFile, root: Json, lineOf: (pointer: string) => number): SchemaDocument {
  if (!isJsonObject(root) && typeof root !== 'boolean') {
    throw new BrokenSchemaError('', 'a schema is an object, or true or false');
  }
  const member = (key: string): Json | undefined => (isJsonObject(root) ? ownValue(root, key) : undefined);
  const text = (key: string): string | null => {
    const value = member(key);
    return typeof value === 'string' ? value : null;
  };
  const draft = readDraft(member('$schema'));
  return {
    kind: 'schema',
    id: file.name.replace(/\.json$/i, ''),
    name: file.name,
    origin: file.origin,
    title: text('title'),
    description: text('description'),
    draft,
    address: addressOf(file.name, member(draft === '4' ? 'id' : '$id'), draft === '4' ? '/id' : '/$id'),
    purpose: readPurpose(member('x-throughline')),
    root,
    lineOf,
  };
}

function readDraft(value: Json | undefined): Draft {
  if (value === undefined) return DEFAULT_DRAFT;
  const draft = typeof value === 'string' ? draftOf(value) : null;
  if (draft !== null) return draft;
  throw new BrokenSchemaError('/$schema', 'only JSON Schema of the drafts 4, 6, 7, 2019-09 and 2020-12 is read');
}

/** The address of a file without an `$id`. */
export function fileAddress(name: string): string {
  return FILES + name.split('/').map(encodeURIComponent).join('/');
}

function addressOf(name: string, id: Json | undefined, pointer: string): string {
  const own = fileAddress(name);
  if (id === undefined) return own;
  const address = typeof id === 'string' ? resolveAddress(id, own) : null;
  if (address === null || address.fragment !== '')
    throw new BrokenSchemaError(pointer, 'this is no address of a schema');
  return address.document;
}

/** An address as that of a document and what follows the `#`, relative to another; null for what is none. */
export function resolveAddress(
  reference: string,
  base: string,
): { readonly document: string; readonly fragment: string } | null {
  const [before = '', ...after] = reference.split('#');
  if ((before !== '' && !ADDRESS.test(before)) || after.length > 1) return null;
  if (before !== '' && !URL.canParse(before, base)) return null;
  const document = before === '' ? base : new URL(before, base).href;
  return { document, fragment: decoded(after[0] ?? '') };
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    if (error instanceof URIError) return fragment;
    throw error;
  }
}
