import type { SchemaId } from '../model/decoded.ts';
import type { RawRecord } from '../model/record.ts';
import { uuidText } from '../model/uuid-text.ts';

/** What of a record decides how its value is read. */
export type ValueRecord = Pick<RawRecord, 'value' | 'headers' | 'headerBytes'>;

/** Where a record names its schema, and what is left to be read by it. */
export interface Frame {
  readonly schemaId: SchemaId;
  /** What stands behind the id: for Protobuf, the path of message indexes begins here. */
  readonly rest: Buffer;
  /** The value where the id is in a header; null where the value goes on in `rest`. */
  readonly bare: Buffer | null;
}

/** Name of the header that holds a schema's GUID where the value is bare. */
const HEADER = '__value_schema_id';
const HEADER_NAME = Buffer.from(HEADER);
const BY_NUMBER = 0;
const BY_GUID = 1;

/**
 * Which schema of a registry a record names; null for JSON, text and anything else. In front of the value: `00` and four
 * bytes, or `01` and the 16 bytes of a GUID; or a bare value, and the same in the header `__value_schema_id`. Format:
 * `SchemaId` of Confluent's serializers. Cheap: a value that begins like a JSON object or list is not looked at further.
 */
export function frameOf(record: ValueRecord): Frame | null {
  const { value } = record;
  const first = value?.[0];
  if (value === null || first === undefined || first === 0x7b || first === 0x5b) return null;
  const named = headerValue(record);
  const inHeader = named === null ? null : idIn(named);
  if (inHeader !== null) return { ...inHeader, bare: value };
  const inValue = idIn(value);
  return inValue === null ? null : { ...inValue, bare: null };
}

/** The id alone: what ingest asks a registry for before a batch is decoded. */
export function schemaIdOf(record: ValueRecord): SchemaId | null {
  return frameOf(record)?.schemaId ?? null;
}

function idIn(bytes: Buffer): Pick<Frame, 'schemaId' | 'rest'> | null {
  if (bytes[0] === BY_NUMBER && bytes.length >= 5) {
    return { schemaId: bytes.readUInt32BE(1), rest: bytes.subarray(5) };
  }
  if (bytes[0] === BY_GUID && bytes.length >= 17) {
    return { schemaId: uuidText(bytes.subarray(1, 17)), rest: bytes.subarray(17) };
  }
  return null;
}

/** Headers are in one piece as a rule: they are taken apart only where the name occurs in them. The last one counts. */
function headerValue(record: ValueRecord): Buffer | null {
  if (record.headerBytes !== undefined && !record.headerBytes.includes(HEADER)) return null;
  return record.headers.findLast(({ name }) => HEADER_NAME.equals(name))?.value ?? null;
}
