import { schemaIdOf } from '../decode/wire-frame.ts';
import type { SchemaId } from '../model/decoded.ts';
import type { RawRecord } from '../model/record.ts';

/** The schemas that records of a delivery name, each once. Cheap for JSON: its first byte says that it needs none. */
export function wantedSchemas(records: readonly RawRecord[]): readonly SchemaId[] {
  const wanted = new Set<SchemaId>();
  for (const record of records) {
    const id = schemaIdOf(record);
    if (id !== null) wanted.add(id);
  }
  return [...wanted];
}
