import type { Json } from './json.ts';
import type { Reason } from './reason.ts';

/** How the bytes of a value were read. */
export type ValueFormat = 'json' | 'avro' | 'protobuf' | 'json schema';

/** A schema of a registry, as the bytes of a record name it: by number, or by GUID (lower case, with dashes). */
export type SchemaId = number | string;

/** A record value after decoding: a value, or the typed reason why there is none. The raw bytes stay the truth either way. */
export type Decoded =
  | {
      readonly kind: 'value';
      readonly format: ValueFormat;
      readonly value: Json;
      /** The schema it was read by; null for plain JSON. */
      readonly schemaId: SchemaId | null;
    }
  | {
      readonly kind: 'unreadable';
      readonly reason: Reason;
      /** The schema that the bytes name, where they do. */
      readonly schemaId: SchemaId | null;
    };
