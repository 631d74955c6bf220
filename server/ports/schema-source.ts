import type { SchemaId } from '../model/decoded.ts';
import type { SchemaAnswer } from '../model/registry-schema.ts';

/**
 * Where schemas come from by their id. Implementations remember what they found for good and what is unknown for a short
 * while, and never hold a caller up for longer than a bounded time, however the registry behaves.
 */
export interface SchemaSource {
  /** Answers for every id asked for. Never throws for what a registry does. */
  schemas(ids: readonly SchemaId[]): Promise<ReadonlyMap<SchemaId, SchemaAnswer>>;
}

/** Keeps schemas with the records that need them, by (registry, id), so that old records stay readable. */
export interface SchemaStore {
  /** Those of `ids` that are kept; the rest is absent. Any registry's, the first of `registries` first. */
  find(
    registries: readonly string[],
    ids: readonly SchemaId[],
  ): Promise<ReadonlyMap<SchemaId, Extract<SchemaAnswer, { kind: 'found' }>>>;
  keep(schemas: readonly Extract<SchemaAnswer, { kind: 'found' }>['schema'][]): Promise<void>;
}
