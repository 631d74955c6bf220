import { readSchemasInForce, type SchemasInForce } from '../../server/runtime/schemas/schemas-in-force.ts';
import { buildSchemaSet } from '../../server/schema/schema-set.ts';
import { STEPS } from '../support/omninode-events.ts';

/** A schema for the payload of every event of the bench, of the length and the kinds of rules that shipped ones have. */
const PAYLOAD = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The payload of a bench event',
  'x-throughline': { event_types: STEPS.map(([type]) => type), version: '1.0.0', at: '/payload' },
  type: 'object',
  required: ['node_id', 'quality_score', 'processing_time_ms', 'file_hash', 'summary'],
  properties: {
    node_id: { type: 'string', format: 'uuid' },
    quality_score: { type: 'number', minimum: 0, maximum: 1 },
    processing_time_ms: { type: 'integer', minimum: 0 },
    file_hash: { type: 'string', pattern: '^[0-9a-f]{32,128}$' },
    summary: { type: 'string', minLength: 1, maxLength: 100_000 },
    language: { enum: ['python', 'typescript', null] },
    violations: { type: 'array', items: { type: 'object', required: ['rule'] } },
  },
};

/** The built-in schemas, among them that of the envelope, and one for every payload. */
export async function benchSchemas(): Promise<SchemasInForce> {
  const { set: builtIn } = await readSchemasInForce([]);
  const files = builtIn.schemas.map(({ document: { name, origin, root } }) => ({
    ...{ name, origin },
    text: JSON.stringify(root),
  }));
  const set = buildSchemaSet([{ name: 'bench.json', origin: 'operator', text: JSON.stringify(PAYLOAD) }, ...files]);
  if (set.broken.length > 0) throw new Error(`broken: ${JSON.stringify(set.broken)}`);
  return { set, broken: [] };
}

/** Nothing is held against anything. */
export const NO_SCHEMAS_IN_FORCE: SchemasInForce = { set: buildSchemaSet([]), broken: [] };
