import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { SchemaDocument, Undecided } from './compared-document.ts';
import { FIELD_TYPES, type FieldType, type TypeSet, typeSetOf } from './field-types.ts';
import type { Atom, Rule, SchemaNode } from './schema-atom.ts';
import { AS_WRITTEN, DYNAMIC, LIMITS, NEWER, WITH_ALL } from './schema-keywords.ts';

/** What an `OwnRules` needs of whoever keeps rules apart by their numbers. */
export interface AtomMaker {
  /** A schema under which everything is valid. */
  readonly anything: SchemaNode;
  nodeOf(document: SchemaDocument, schema: JsonObject | boolean): SchemaNode;
  atom(rule: Rule): Atom;
}

/** The rules of one schema object, and the schemas that hold in the same place. */
export interface Own {
  readonly atoms: readonly Atom[];
  readonly inPlace: readonly SchemaNode[];
}

/** The rules that one schema object writes down itself. */
export class OwnRules implements Own {
  readonly atoms: Atom[] = [];
  readonly inPlace: SchemaNode[] = [];
  readonly #reader: AtomMaker;
  readonly #node: SchemaNode;
  readonly #unread: (keyword: string, reason: Undecided) => Atom;

  constructor(reader: AtomMaker, node: SchemaNode, unread: (keyword: string, reason: Undecided) => Atom) {
    this.#reader = reader;
    this.#node = node;
    this.#unread = unread;
  }

  read(): void {
    const { schema, document } = this.#node;
    if (schema === true) return;
    if (schema === false) {
      this.#add({ kind: 'never' });
      return;
    }
    const reference = ownValue(schema, '$ref');
    if (reference !== undefined) this.#reference(reference);
    const before = this.atoms.length;
    const inPlaceBefore = this.inPlace.length;
    this.#types(schema);
    this.#values(schema);
    this.#limits(schema);
    this.#texts(schema);
    this.#fields(schema);
    this.#items(schema);
    this.#combinations(schema);
    this.#asWritten(schema);
    const hasMore = this.atoms.length > before || this.inPlace.length > inPlaceBefore;
    if (reference === undefined || !hasMore || document.draft === null || document.draft > 7) return;
    // Until draft 7 what stands beside `$ref` is ignored, and validators read it all the same: nothing rests on it.
    this.atoms.length = before;
    this.inPlace.length = inPlaceBefore;
    this.atoms.push(this.#unread('beside $ref', 'rule not understood'));
  }

  #reference(reference: Json): void {
    const target = typeof reference === 'string' ? this.#node.document.resolve(reference) : undefined;
    if (target === undefined) this.atoms.push(this.#unread('$ref', 'outside reference'));
    else this.inPlace.push(this.#reader.nodeOf(this.#node.document, target));
  }

  #types(schema: JsonObject): void {
    const type = ownValue(schema, 'type');
    if (type === undefined) return;
    const names = Array.isArray(type) ? type : [type];
    let types = 0;
    for (const name of names) {
      const set = typeof name === 'string' ? schemaTypes(name) : null;
      if (set === null) {
        this.#malformed('type');
        return;
      }
      types |= set;
    }
    // OpenAPI's word, which validators read beside a type.
    if (ownValue(schema, 'nullable') === true) types |= typeSetOf('null');
    this.#add({ kind: 'types', types });
  }

  #values(schema: JsonObject): void {
    const values = ownValue(schema, 'enum');
    if (Array.isArray(values)) this.#add({ kind: 'values', values });
    else if (values !== undefined) this.#malformed('enum');
    const constant = this.#known(schema, 'const');
    if (constant !== undefined) this.#add({ kind: 'values', values: [constant] });
  }

  #limits(schema: JsonObject): void {
    const { draft } = this.#node.document;
    for (const [keyword, kind, of] of LIMITS) {
      const limit = ownValue(schema, keyword);
      const exclusiveWord = keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
      const exclusive = of === 'value' ? ownValue(schema, exclusiveWord) : undefined;
      // A number of its own since draft 6, a word beside the limit before.
      const fits = typeof exclusive === 'boolean' ? (draft ?? 4) === 4 : isNumber(exclusive) && draft !== 4;
      if (exclusive !== undefined && !fits) this.#malformed(exclusiveWord);
      else if (isNumber(exclusive)) this.#add({ kind, of, limit: exclusive, exclusive: true });
      if (isNumber(limit)) this.#add({ kind, of, limit, exclusive: exclusive === true });
      else if (limit !== undefined) this.#malformed(keyword);
    }
    const multiple = ownValue(schema, 'multipleOf');
    if (typeof multiple === 'number' && multiple > 0) this.#add({ kind: 'multiple', of: multiple });
    else if (multiple !== undefined) this.#malformed('multipleOf');
  }

  #texts(schema: JsonObject): void {
    const pattern = ownValue(schema, 'pattern');
    if (typeof pattern === 'string') this.#add({ kind: 'pattern', source: pattern });
    else if (pattern !== undefined) this.#malformed('pattern');
    const format = ownValue(schema, 'format');
    if (typeof format === 'string') this.#add({ kind: 'format', name: format });
    else if (format !== undefined) this.#malformed('format');
  }

  #fields(schema: JsonObject): void {
    const names = ownValue(schema, 'required');
    if (isTexts(names)) this.#add({ kind: 'required', names });
    else if (names !== undefined) this.#malformed('required');
    const named = this.#children(schema, 'properties');
    const patterns = this.#children(schema, 'patternProperties');
    const rest = this.#child(schema, 'additionalProperties');
    if (named.length > 0 || patterns.length > 0 || rest !== null) {
      this.#add({ kind: 'fields', named: new Map(named), patterns, rest });
    }
    const name = this.#known(schema, 'propertyNames') === undefined ? null : this.#child(schema, 'propertyNames');
    if (name !== null) this.#add({ kind: 'names', node: name });
  }

  #items(schema: JsonObject): void {
    if (ownValue(schema, 'uniqueItems') === true) this.#add({ kind: 'unique items' });
    const { draft } = this.#node.document;
    const items = ownValue(schema, 'items');
    const prefix = this.#known(schema, 'prefixItems');
    if (Array.isArray(items) && (draft === 2020 || prefix !== undefined)) {
      this.#malformed('items');
      return;
    }
    const first = this.#list(Array.isArray(items) ? items : prefix, 'items');
    const rest = this.#child(schema, Array.isArray(items) ? 'additionalItems' : 'items');
    if (first.length > 0 || rest !== null) this.#add({ kind: 'items', first, rest });
  }

  #combinations(schema: JsonObject): void {
    this.inPlace.push(...this.#list(ownValue(schema, 'allOf'), 'allOf'));
    for (const [keyword, kind] of [
      ['anyOf', 'any of'],
      ['oneOf', 'one of'],
    ] as const) {
      const list = ownValue(schema, keyword);
      if (list === undefined) continue;
      const branches = this.#list(list, keyword);
      if (Array.isArray(list)) this.#add({ kind, branches });
    }
    const not = this.#child(schema, 'not');
    if (not !== null) this.#add({ kind: 'not', node: not });
    const when = this.#known(schema, 'if') === undefined ? null : this.#child(schema, 'if');
    const then = this.#child(schema, 'then');
    const otherwise = this.#child(schema, 'else');
    if (when !== null && (then !== null || otherwise !== null)) this.#add({ kind: 'condition', when, then, otherwise });
  }

  #asWritten(schema: JsonObject): void {
    for (const keywords of AS_WRITTEN) {
      if (!keywords.some((keyword) => this.#known(schema, keyword) !== undefined)) continue;
      const text = Object.fromEntries(keywords.map((keyword) => [keyword, ownValue(schema, keyword) ?? null]));
      this.#other(keywords[0] ?? '', text);
    }
    for (const keyword of WITH_ALL) if (this.#known(schema, keyword) !== undefined) this.#other(keyword, schema);
    for (const keyword of DYNAMIC) {
      if (ownValue(schema, keyword) !== undefined) this.atoms.push(this.#unread(keyword, 'outside reference'));
    }
  }

  /** The value of a keyword that the document's draft has. */
  #known(schema: JsonObject, keyword: string): Json | undefined {
    const value = ownValue(schema, keyword);
    const since = NEWER.find(([newer]) => newer === keyword)?.[1] ?? 0;
    if (value === undefined || (this.#node.document.draft ?? 2020) >= since) return value;
    this.#malformed(keyword);
    return undefined;
  }

  #children(schema: JsonObject, keyword: string): (readonly [string, SchemaNode])[] {
    const children = ownValue(schema, keyword);
    if (children === undefined) return [];
    if (!isJsonObject(children)) {
      this.#malformed(keyword);
      return [];
    }
    return Object.entries(children).map(([key, child]) => {
      // Validators leave out a rule of this name, or do not.
      if (key === '__proto__') this.#malformed(keyword);
      const node = key === '__proto__' ? null : this.#nodeOf(child, keyword);
      return [key, node ?? this.#reader.anything] as const;
    });
  }

  /** What is no schema keeps its place, and nothing follows from it. */
  #list(list: Json | undefined, keyword: string): readonly SchemaNode[] {
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      this.#malformed(keyword);
      return [];
    }
    return list.map((child) => this.#nodeOf(child, keyword) ?? this.#reader.anything);
  }

  #child(schema: JsonObject, keyword: string): SchemaNode | null {
    const child = ownValue(schema, keyword);
    return child === undefined ? null : this.#nodeOf(child, keyword);
  }

  #nodeOf(schema: Json, keyword: string): SchemaNode | null {
    if (typeof schema === 'boolean' || isJsonObject(schema)) {
      return this.#reader.nodeOf(this.#node.document, schema);
    }
    this.#malformed(keyword);
    return null;
  }

  #malformed(keyword: string): void {
    this.atoms.push(this.#unread(keyword, 'rule not understood'));
  }

  #other(keyword: string, text: Json): void {
    this.#add({ kind: 'other', keyword, text, node: this.#node });
  }

  #add(rule: Rule): void {
    this.atoms.push(this.#reader.atom(rule));
  }
}

/** The types of a `type` name: a `number` may be an integer. Null when it names none. */
function schemaTypes(name: string): TypeSet | null {
  const isType = (text: string): text is FieldType => FIELD_TYPES.some((type) => type === text);
  if (!isType(name)) return null;
  return name === 'number' ? typeSetOf('number') | typeSetOf('integer') : typeSetOf(name);
}

function isNumber(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
