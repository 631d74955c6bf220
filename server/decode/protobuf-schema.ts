import protobuf from 'protobufjs';
import { UnusableSchemaError } from './mismatch.ts';

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

const MAX_MESSAGES = 5_000;

/**
 * Compiles a `.proto` text with the files it imports into trees to be walked. The parser's own readers are not used: they
 * are code generated from names that strangers chose. Throws `UnusableSchemaError`.
 */
export function compileProtobuf(text: string, references: readonly SourceFile[]): ProtobufSchema {
  return asUnusable(() => {
    const files = new FileSet();
    for (const { name, text: imported } of references) if (!files.addKnown(name)) files.add(imported);
    files.add(text);
    // Parsed once more alone: in the whole set, messages of other files may stand before those of this one.
    const alone = protobuf.parse(text, new protobuf.Root(), { keepCase: true });
    const outline = messagesIn(alone.package === undefined ? alone.root : alone.root.lookup(alone.package));
    const compiled = new Map<protobuf.Type, ProtobufMessage>();
    return {
      message(path) {
        const name = nameAt(outline, path);
        if (name === null) return null;
        return asUnusable(() => compileMessage(files.root.lookupType(name), compiled));
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

function compileMessage(type: protobuf.Type, compiled: Map<protobuf.Type, ProtobufMessage>): ProtobufMessage {
  const known = compiled.get(type);
  if (known !== undefined) return known;
  if (compiled.size >= MAX_MESSAGES) throw new UnusableSchemaError('too many messages');
  const fields = new Map<number, ProtobufField>();
  const message: ProtobufMessage = { name: type.fullName.replace(/^\./, ''), fields };
  compiled.set(type, message);
  for (const field of type.fieldsArray) {
    const of = kindOf(field, compiled);
    if (of === null) continue;
    const mapKey = field instanceof protobuf.MapField ? scalarNamed(field.keyType) : null;
    fields.set(field.id, { name: field.name, repeated: field.repeated, mapKey, of });
  }
  return message;
}

/** Null for a type that no file names: its fields are skipped like unknown ones. */
function kindOf(field: protobuf.Field, compiled: Map<protobuf.Type, ProtobufMessage>): ProtobufKind | null {
  const scalar = scalarNamed(field.type);
  if (scalar !== null) return { kind: 'scalar', scalar };
  const found = field.parent?.lookup(field.type, [protobuf.Type, protobuf.Enum]) ?? null;
  if (found instanceof protobuf.Type) return { kind: 'message', message: compileMessage(found, compiled) };
  if (!(found instanceof protobuf.Enum)) return null;
  return { kind: 'enum', names: new Map(Object.entries(found.values).map(([name, number]) => [number, name])) };
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
