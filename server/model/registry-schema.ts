import type { SchemaId } from './decoded.ts';

export type SchemaType = 'AVRO' | 'PROTOBUF' | 'JSON';

/** A schema as a registry gives it, with every schema it refers to. */
export interface RegistrySchema {
  /** The registry it is from: its address without user and password. Ids of two registries are not the same. */
  readonly registry: string;
  readonly id: SchemaId;
  readonly type: SchemaType;
  readonly text: string;
  /** Everything it refers to, directly or not, by the name it is referred to by; what is needed first comes first. */
  readonly references: readonly { readonly name: string; readonly text: string }[];
  /** Where the registry has it, as it said when it was asked; absent where it did not say. */
  readonly subjects?: readonly RegistrySubject[];
}

/** A subject of a registry that has a schema, and as which version. */
export interface RegistrySubject {
  readonly subject: string;
  readonly version: number;
}

/** What is known of a schema id. Only `found` and `unknown` are facts; `unreachable` says that nobody could be asked. */
export type SchemaAnswer =
  | { readonly kind: 'found'; readonly schema: RegistrySchema }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable' }
  /** No registry is configured. */
  | { readonly kind: 'no registry' }
  /** The registry has it, and it is beyond our limits or of a type we do not read; a sentence says why. */
  | { readonly kind: 'unusable'; readonly why: string };
