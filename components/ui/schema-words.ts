import type { SchemaName } from '@/server/model/violation-wire.ts';

/** `codegen-validate v2`: the file's own name, without its folder and ending; `no schema` where none is named. */
export function schemaWords(schema: SchemaName | null): string {
  if (schema === null) return 'no schema';
  const own = schema.name.replace(/^.*\//s, '').replace(/\.json$/i, '') || schema.name;
  return schema.version === null ? own : `${own} v${schema.version.replace(/^v/i, '')}`;
}
