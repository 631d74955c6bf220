import type { Decoded } from '../model/decoded.ts';
import { type SchemaCheck, UNCHECKED } from '../model/schema-check.ts';
import type { NamedSchema } from './registry-schemas.ts';

/** Rules that bytes break, and not values. */
const DECODE = 'decode';
const UNKNOWN = 'unknown_reference';

/**
 * What a record breaks whose value could not be read by the schema that it names. That nobody could be asked, or that the
 * schema is beyond us, is no fault of the record: it is unchecked, by its reason. So is what names no schema.
 */
export function checkUnreadable(
  { reason, schemaId }: Extract<Decoded, { kind: 'unreadable' }>,
  named: NamedSchema | null,
): SchemaCheck {
  switch (reason) {
    case 'unknown schema': {
      const sentence = `the record names the schema id ${schemaId}, which the registry does not have`;
      const error = { path: '', rule: UNKNOWN, sentence, was: JSON.stringify(schemaId), nearMiss: null, schema: null };
      return { status: 'unknown_reference', schema: null, errors: [error], complete: true };
    }
    case 'schema mismatch':
      return broken(named, 'the bytes do not fit the schema that they name');
    case 'no such message':
      return broken(named, 'the bytes name a message that their schema does not have');
    default:
      return UNCHECKED;
  }
}

function broken(named: NamedSchema | null, sentence: string): SchemaCheck {
  const schema = named?.identity ?? null;
  const error = { path: '', rule: DECODE, sentence, was: null, nearMiss: null, schema };
  return { status: 'violation', schema, errors: [error], complete: true };
}
