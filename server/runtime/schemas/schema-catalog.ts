import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { SchemaCatalog } from '../../ports/violations.ts';
import { chooseSchema } from '../../schema/choose-schema.ts';
import type { CompiledSchema } from '../../schema/compile-schema.ts';
import { createSchemaSays } from '../../schema/schema-says.ts';
import type { SchemasInForce } from './schemas-in-force.ts';

/** The schemas in force by name, as the API lists them; `names` says what topics are, as it does to who checks events. */
export function createSchemaCatalog({ set, broken }: SchemasInForce, names: QueueNames): SchemaCatalog {
  return {
    broken,
    says: createSchemaSays(set),
    schemas: set.schemas.map((schema) => ({
      ...nameOf(schema),
      source: schema.document.description,
      event_types: schema.document.purpose.eventTypes,
    })),
    schemaFor(eventType, topic) {
      const facts = {
        reference: null,
        wire: null,
        eventType,
        version: null,
        topic: names.topicName(topic),
        dialect: '',
      };
      const choice = chooseSchema(facts, set);
      return choice.kind === 'schema' ? nameOf(choice.schema) : null;
    },
  };
}

function nameOf({ document: { name, title, origin, purpose } }: CompiledSchema) {
  return { name, title, version: purpose.versionText, origin };
}
