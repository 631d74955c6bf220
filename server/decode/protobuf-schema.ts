import protobuf from 'protobufjs';
import { UnusableSchemaError } from './mismatch.ts';
import { refuseHuge } from './protobuf-size.ts';

export type ProtobufScalar =
  | ('double' | 'float' | 'int32' | 'uint32' | 'sint32' | 'fixed32' | 'sfixed32' | 'int64' | 'uint64' | 'sint64')
  | ('fixed64' | 'sfixed64' | 'bool' | 'string' | 'bytes');

export type ProtobufKind =
  | { readonly kind: 'scalar'; readonly scalar: ProtobufScalar }
  | { readonly kind: 'enum'; readonly names: ReadonlyMap<number, string> }
  | { readonly kind: 'message'; readonly message: ProtobufMessage };

export interface ProtobufField {
  readonly name: string;
  readonly repeated: boolean;
  /** The kind of a map's keys; null when the field is no map. */
  readonly mapKey: ProtobufScalar | null;
  readonly of: ProtobufKind;
}

/** A compiled message. Its fields are filled in last, as a message may hold itself. */
export interface ProtobufMessage {
  /** With its package, without a dot in front. */
  readonly name: string;
  readonly fields: ReadonlyMap<number, ProtobufField>;
}

export interface ProtobufSchema {
  /** The message behind a path of indexes (the nth message of the file, the mth inside it …); null where there is none. */
  message(path: readonly number[]): ProtobufMessage | null;
}

interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Compiles a `.proto` text with the files it imports into trees to be walked. The parser's own readers are not used: they
 * are code generated from names that strangers chose. Throws `UnusableSchemaError`.
 */
export function compileProtobuf(text: string, references: readonly SourceFile[]): ProtobufSchema {
  refuseHuge([text, ...references.map((reference) => reference.text)]);
  return asUnusable(() => {
    const files = new FileSet();
    for (const { name, text: imported } of references) if (!files.addKnown(name)) files.add(imported);
    files.add(text);
    // Parsed once more alone: in the whole set, messages of other files may stand before those of this one.
    const alone = protobuf.parse(text, new protobuf.Root(), { keepCase: true });
    const outline = messagesIn(alone.package === undefined ? alone.root : alone.root.lookup(alone.package));
    const compiler = new Compiler(files.root);
    return {
      message(path) {
        const name = nameAt(outline, path);
        return name === null ? null : compiler.message(name);
      },
    };
  });
}

/** The parser throws plain errors for whatever it does not understand, and a RangeError for depth. */
function asUnusable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) throw new UnusableSchemaError(error.message.slice(0, 200), { cause: error });
    throw error;
  }
}

/** Files parsed into one space of names, with those that every Protobuf compiler brings along where they are imported. */
class FileSet {
  readonly root = new protobuf.Root();
  readonly #known = new Set<string>();

  add(text: string): void {
    const { imports = [], weakImports = [] } = protobuf.parse(text, this.root, { keepCase: true });
    for (const name of [...imports, ...weakImports]) this.addKnown(name);
  }

  /** False when the name is none of the files that are always at hand. */
  addKnown(name: string): boolean {
    if (!name.startsWith('google/protobuf/')) return false;
    const nested = protobuf.common.get(name)?.nested;
    if (nested === undefined) return false;
    if (!this.#known.has(name)) this.root.addJSON(nested);
    this.#known.add(name);
    return true;
  }
}

/** Messages in the order of their file; groups and entries of maps have no place in it. */
function messagesIn(space: protobuf.ReflectionObject | null): protobuf.Type[] {
  if (!(space instanceof protobuf.Namespace)) return [];
  return space.nestedArray.filter((each): each is protobuf.Type => each instanceof protobuf.Type && !isGroup(each));
}

/** The parser marks the types of groups, and says so in no type of its own. */
function isGroup(type: protobuf.Type): boolean {
  return Reflect.get(type, 'group') === true;
}

function nameAt(outline: readonly protobuf.Type[], path: readonly number[]): string | null {
  let level = outline;
  let found: protobuf.Type | undefined;
  for (const index of path) {
    found = level[index];
    if (found === undefined) return null;
    level = messagesIn(found);
  }
  return found?.fullName ?? null;
}

/** Messages made as they are asked for, each with all that it holds. */
class Compiler {
  /** By full name, a dot in front: the parser's own look-up goes through all other names for one that is not there. */
  readonly #named = new Map<string, protobuf.Type | protobuf.Enum>();
  readonly #messages = new Map<protobuf.Type, ProtobufMessage & { readonly fields: Map<number, ProtobufField> }>();
  readonly #enums = new Map<protobuf.Enum, ProtobufKind>();

  constructor(root: protobuf.Root) {
    this.#collect(root);
  }

  message(name: string): ProtobufMessage {
    const type = this.#named.get(name);
    if (!(type instanceof protobuf.Type)) throw new UnusableSchemaError('a message is not where it should be');
    const known = this.#messages.get(type);
    if (known !== undefined) return known;
    const unfilled: protobuf.Type[] = [];
    const message = this.#messageOf(type, unfilled);
    // One after the other, not inside each other: a chain of messages may be longer than the stack.
    for (let next = unfilled.pop(); next !== undefined; next = unfilled.pop()) this.#fill(next, unfilled);
    return message;
  }

  #collect(space: protobuf.NamespaceBase): void {
    for (const each of space.nestedArray) {
      if (each instanceof protobuf.Type || each instanceof protobuf.Enum) this.#named.set(each.fullName, each);
      if (each instanceof protobuf.Namespace) this.#collect(each);
    }
  }

  #messageOf(type: protobuf.Type, unfilled: protobuf.Type[]): ProtobufMessage {
    const known = this.#messages.get(type);
    if (known !== undefined) return known;
    const message = { name: type.fullName.replace(/^\./, ''), fields: new Map<number, ProtobufField>() };
    this.#messages.set(type, message);
    unfilled.push(type);
    return message;
  }

  #fill(type: protobuf.Type, unfilled: protobuf.Type[]): void {
    const fields = this.#messages.get(type)?.fields;
    for (const field of type.fieldsArray) {
      const of = this.#kindOf(field, unfilled);
      if (of === null) continue;
      const mapKey = field instanceof protobuf.MapField ? scalarNamed(field.keyType) : null;
      fields?.set(field.id, { name: field.name, repeated: field.repeated, mapKey, of });
    }
  }

  /** Null for a type that no file names: its fields are skipped like unknown ones. */
  #kindOf(field: protobuf.Field, unfilled: protobuf.Type[]): ProtobufKind | null {
    const scalar = scalarNamed(field.type);
    if (scalar !== null) return { kind: 'scalar', scalar };
    const found = this.#lookup(field);
    if (found instanceof protobuf.Type) return { kind: 'message', message: this.#messageOf(found, unfilled) };
    return found === null ? null : this.#enumOf(found);
  }

  /** From the innermost message or package around the field outwards. An extension is written where it was declared. */
  #lookup(field: protobuf.Field): protobuf.Type | protobuf.Enum | null {
    if (field.type.startsWith('.')) return this.#named.get(field.type) ?? null;
    for (let scope = (field.declaringField ?? field).parent; scope !== null; scope = scope.parent) {
      const found = this.#named.get(`${scope.fullName}.${field.type}`);
      if (found !== undefined) return found;
    }
    return null;
  }

  #enumOf(found: protobuf.Enum): ProtobufKind {
    const known = this.#enums.get(found);
    if (known !== undefined) return known;
    const names = new Map(Object.entries(found.values).map(([name, number]) => [number, name]));
    const made: ProtobufKind = { kind: 'enum', names };
    this.#enums.set(found, made);
    return made;
  }
}

const SCALARS: ReadonlySet<string> = new Set<ProtobufScalar>([
  ...(['double', 'float', 'int32', 'uint32', 'sint32', 'fixed32', 'sfixed32', 'int64', 'uint64', 'sint64'] as const),
  ...(['fixed64', 'sfixed64', 'bool', 'string', 'bytes'] as const),
]);

function scalarNamed(name: string): ProtobufScalar | null {
  return isScalar(name) ? name : null;
}

function isScalar(name: string): name is ProtobufScalar {
  return SCALARS.has(name);
}
