import Ajv, { type ErrorObject } from 'ajv';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import type AjvCore from 'ajv/dist/core.js';
import type { Json } from '../model/json.ts';
import { pointerKeys } from '../model/json-pointer.ts';
import { printValue } from '../model/print-value.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';
import type { Draft } from './drafts.ts';
import { lookUp } from './look-up.ts';

const OPTIONS = { strict: false, logger: false, validateFormats: false } as const;

/** The validators that know the drafts' own schemas of schemas: made when the first schema of their draft comes. */
const makers = {
  '7': () => new Ajv(OPTIONS),
  '2019-09': () => new Ajv2019(OPTIONS),
  '2020-12': () => new Ajv2020(OPTIONS),
};
const made = new Map<string, AjvCore>();

/**
 * Throws `BrokenSchemaError` for a hardened schema that is not what its draft calls a schema: `"type": "strng"`, say. The
 * drafts 4 and 6 are held to the schema of draft 7, in whose writing they are by then.
 */
export function refuseMalformed(schema: unknown, draft: Draft): void {
  const by = draft === '4' || draft === '6' ? '7' : draft;
  const ajv = made.get(by) ?? makers[by]();
  made.set(by, ajv);
  const meta = ajv.defaultMeta();
  if (typeof meta !== 'string') throw new TypeError('a draft without a schema of schemas');
  if (ajv.validate(meta, schema)) return;
  const [error] = ajv.errors ?? [];
  ajv.errors = null;
  if (error !== undefined) throw new BrokenSchemaError(error.instancePath, sentence(error, schema as Json));
}

function sentence({ instancePath, keyword, params }: ErrorObject, schema: Json): string {
  const keys = pointerKeys(instancePath);
  const name = keys.findLast((key) => !/^\d+$/.test(key)) ?? 'a schema';
  const was = printValue(lookUp(schema, keys) ?? null, 80).text;
  if (keyword === 'enum') {
    const options: readonly unknown[] = params.allowedValues;
    return `“${name}” is one of ${options.map(String).join(', ')}, and not ${was}`;
  }
  return `“${name}” cannot be ${was}`;
}
