import { z } from 'zod';

/** Query parameters as OpenAPI describes them, made from the schema that reads them. All are optional. */
export function queryParameters(query: z.ZodObject): unknown[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`parameter ${name} has no schema`);
    const { description, ...schema } = property;
    return { name, in: 'query', required: false, description, schema: asText(schema) };
  });
}

/** A number is described by its bounds; the pattern that reads it from text says nothing more. */
function asText(schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  if (schema.type !== 'integer') return schema;
  const { pattern: _pattern, ...rest } = schema;
  return rest;
}
