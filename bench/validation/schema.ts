import { readSchemasInForce, type SchemasInForce } from '../../server/runtime/schemas/schemas-in-force.ts';
import { buildSchemaSet } from '../../server/schema/schema-set.ts';

/** The built-in schemas: that of the envelope, and one for the payload of every event of the bench. */
export function benchSchemas(): Promise<SchemasInForce> {
  return readSchemasInForce([]);
}

/** Nothing is held against anything. */
export const NO_SCHEMAS_IN_FORCE: SchemasInForce = { set: buildSchemaSet([]), broken: [] };
