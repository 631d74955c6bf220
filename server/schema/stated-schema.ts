import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import { readVersion, type Version } from './version.ts';

/** The schema that an event says it follows. */
export interface StatedSchema {
  readonly reference: string | null;
  readonly version: Version | null;
}

const LONGEST_REFERENCE = 500;

/** Headers that name a schema, in lower case: CloudEvents in binary mode, and what omniclaude wrote in November 2025. */
const REFERENCE_HEADERS = ['ce_dataschema', 'x-schema-hash'] as const;
/** Headers with the version of the payload's schema. */
const VERSION_HEADERS = ['schema_version'] as const;

/** All headers that `statedSchema` asks for. */
export const STATING_HEADERS: readonly string[] = [...REFERENCE_HEADERS, ...VERSION_HEADERS];

const REFERENCES = ['schema_ref', 'dataschema'];
const VERSIONS = ['payload_schema_version', 'schema_version'];

/**
 * What an event says of its own schema: `schema_ref` (omniclaude, November 2025) or `dataschema` (CloudEvents) in the body,
 * else in a header, and the version beside it. `headerText` answers the text of the first header of that name, or null.
 */
export function statedSchema(body: Json, headerText: (name: string) => string | null): StatedSchema {
  const member = (name: string): Json | undefined => (isJsonObject(body) ? ownValue(body, name) : undefined);
  let reference: string | null = null;
  for (const name of REFERENCES) reference ??= referenceOf(member(name));
  for (const name of REFERENCE_HEADERS) reference ??= referenceOf(headerText(name));
  let version: Version | null = null;
  for (const name of VERSIONS) version ??= readVersion(member(name));
  for (const name of VERSION_HEADERS) version ??= readVersion(headerText(name) ?? undefined);
  return { reference, version };
}

/** A header that is called a hash may hold one: only what reads as an address names a schema. */
function referenceOf(value: Json | undefined): string | null {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_REFERENCE) return null;
  return /^[a-z][a-z0-9+.-]*:|[/.]/i.test(value) ? value : null;
}
