import type { SchemaId } from '../model/decoded.ts';
import type { SchemaAnswer } from '../model/registry-schema.ts';
import type { Reading } from '../pipeline/reading.ts';
import { resolveRecord } from '../pipeline/resolve-record.ts';
import { wantedSchemas } from '../pipeline/wanted-schemas.ts';
import type { OpenReader } from '../ports/reads.ts';
import type { SchemaStore } from '../ports/schema-source.ts';

/** Schemas held at hand. Beyond that all are let go: the store has them. */
const MAX_HELD = 500;
/** Characters of schemas held at hand. */
const MAX_HELD_CHARS = 16_000_000;

/**
 * Reads stored records by the rules of today and by the schemas that were kept with them: pages never ask a registry.
 * `registries` are preferred where two have given out the same id.
 */
export function createRecordReader(
  reading: Reading,
  store: Pick<SchemaStore, 'find'>,
  registries: readonly string[] = [],
): OpenReader {
  const held = new Map<SchemaId, SchemaAnswer>();
  let chars = 0;
  const hold = (id: SchemaId, answer: Extract<SchemaAnswer, { kind: 'found' }>): void => {
    const size = answer.schema.references.reduce((sum, { text }) => sum + text.length, answer.schema.text.length);
    if (held.size >= MAX_HELD || chars + size > MAX_HELD_CHARS) {
      held.clear();
      chars = 0;
    }
    held.set(id, answer);
    chars += size;
  };
  return () => {
    const missing = new Set<SchemaId>();
    return {
      read(record, topic) {
        const [id] = wantedSchemas([record]);
        const answer = id === undefined ? undefined : held.get(id);
        if (id !== undefined && answer === undefined) missing.add(id);
        const registry = answer?.kind === 'found' ? answer.schema.registry : null;
        return { ...resolveRecord(record, topic, reading, held), registry };
      },
      async fetchMissing() {
        if (missing.size === 0) return false;
        const found = await store.find(registries, [...missing]);
        missing.clear();
        for (const [id, answer] of found) hold(id, answer);
        return found.size > 0;
      },
    };
  };
}
