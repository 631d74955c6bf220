import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { UnusableSchemaError } from './mismatch.ts';

/** A compiled Avro type. Fields of records are filled in last, as a record may hold itself. */
export type AvroType =
  | { readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double'; readonly logical: AvroLogical | null }
  | { readonly kind: 'bytes' | 'string'; readonly logical: AvroLogical | null }
  | { readonly kind: 'fixed'; readonly size: number; readonly logical: AvroLogical | null }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; readonly items: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | { readonly kind: 'record'; readonly fields: AvroField[] };

interface AvroField {
  readonly name: string;
  readonly type: AvroType;
}

/** A logical type by its name; `scale` counts for `decimal`. */
export interface AvroLogical {
  readonly name: string;
  readonly scale: number;
}

const MAX_TYPES = 10_000;
const MAX_SCHEMA_DEPTH = 100;
/** Characters of a name with its namespace: each type is known by both, so that a long namespace counts many times. */
const MAX_NAME = 1_000;

/**
 * Compiles the schema of a record, with the schemas that it refers to, into a tree to be walked. Names are strangers', so
 * no code is made from them; default values are not looked at, as they say nothing of the bytes of a record that was
 * written by this very schema. Throws `UnusableSchemaError`. Format: the specification of Avro 1.12.
 */
export function compileAvro(text: string, references: readonly { readonly text: string }[]): AvroType {
  const compiler = new AvroCompiler();
  for (const reference of references) compiler.compile(parseSchema(reference.text), '', 0);
  return compiler.compile(parseSchema(text), '', 0);
}

/** A schema of a registry may be a bare name such as `string`, without quotes. */
function parseSchema(text: string): Json {
  try {
    const schema: Json = JSON.parse(text);
    return schema;
  } catch {
    return text.trim();
  }
}

class AvroCompiler {
  readonly #named = new Map<string, AvroType>();
  #types = 0;

  compile(schema: Json | undefined, space: string, depth: number): AvroType {
    this.#types += 1;
    if (this.#types > MAX_TYPES || depth > MAX_SCHEMA_DEPTH) throw new UnusableSchemaError('too many types');
    if (typeof schema === 'string') return this.#byName(schema, space);
    if (Array.isArray(schema)) {
      return { kind: 'union', branches: schema.map((branch: Json) => this.compile(branch, space, depth + 1)) };
    }
    if (!isJsonObject(schema)) throw new UnusableSchemaError('a type is neither a name nor an object');
    return this.#byObject(schema, space, depth);
  }

  #byName(name: string, space: string): AvroType {
    const scalar = scalarType(name, null);
    if (scalar !== null) return scalar;
    const found = this.#named.get(fullName(name, space)) ?? this.#named.get(name);
    if (found === undefined) throw new UnusableSchemaError(`no type is called ${name.slice(0, 100)}`);
    return found;
  }

  #byObject(schema: JsonObject, space: string, depth: number): AvroType {
    const type = ownValue(schema, 'type');
    switch (type) {
      case 'array':
        return { kind: 'array', items: this.compile(ownValue(schema, 'items'), space, depth + 1) };
      case 'map':
        return { kind: 'map', items: this.compile(ownValue(schema, 'values'), space, depth + 1) };
      case 'record':
      case 'error':
        return this.#record(schema, space, depth);
      case 'enum':
        return this.#define(schema, space, { kind: 'enum', symbols: textsOf(ownValue(schema, 'symbols')) });
      case 'fixed':
        return this.#define(schema, space, {
          kind: 'fixed',
          size: naturalOf(ownValue(schema, 'size')),
          logical: logicalOf(schema),
        });
      default:
        if (typeof type === 'string') return scalarType(type, logicalOf(schema)) ?? this.#byName(type, space);
        return this.compile(type, space, depth + 1);
    }
  }

  #record(schema: JsonObject, space: string, depth: number): AvroType {
    const fields: AvroField[] = [];
    const record = this.#define(schema, space, { kind: 'record', fields });
    const inner = spaceOf(schema, space);
    const listed = ownValue(schema, 'fields');
    if (!Array.isArray(listed)) throw new UnusableSchemaError('a record has no list of fields');
    for (const field of listed as readonly Json[]) {
      const name = isJsonObject(field) ? ownValue(field, 'name') : undefined;
      if (!isJsonObject(field) || typeof name !== 'string') throw new UnusableSchemaError('a field has no name');
      fields.push({ name, type: this.compile(ownValue(field, 'type'), inner, depth + 1) });
    }
    return record;
  }

  #define(schema: JsonObject, space: string, type: AvroType): AvroType {
    const name = ownValue(schema, 'name');
    if (typeof name === 'string') this.#named.set(fullName(name, spaceOf(schema, space)), type);
    return type;
  }
}

function scalarType(name: string, logical: AvroLogical | null): AvroType | null {
  switch (name) {
    case 'null':
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'bytes':
    case 'string':
      return { kind: name, logical };
    default:
      return null;
  }
}

function fullName(name: string, space: string): string {
  if (name.length + space.length > MAX_NAME) throw new UnusableSchemaError('a name is too long');
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

/** The namespace inside a named type: that of a dotted name, else its own, else the one around it. */
function spaceOf(schema: JsonObject, around: string): string {
  const [name, space] = [ownValue(schema, 'name'), ownValue(schema, 'namespace')];
  if (typeof name === 'string' && name.includes('.')) return name.slice(0, name.lastIndexOf('.'));
  return typeof space === 'string' ? space : around;
}

function logicalOf(schema: JsonObject): AvroLogical | null {
  const [name, scale] = [ownValue(schema, 'logicalType'), ownValue(schema, 'scale')];
  return typeof name === 'string' ? { name, scale: typeof scale === 'number' ? scale : 0 } : null;
}

function textsOf(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) throw new UnusableSchemaError('an enum has no symbols');
  return value.map((symbol: Json) => {
    if (typeof symbol !== 'string') throw new UnusableSchemaError('a symbol of an enum is no text');
    return symbol;
  });
}

function naturalOf(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new UnusableSchemaError('a fixed type has no size');
  }
  return value;
}
