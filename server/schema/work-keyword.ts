import { _, type CodeKeywordDefinition, type KeywordCxt, Name } from 'ajv';
import type { SchemaNode } from './schema-node.ts';
import type { WorkLimit } from './work-limit.ts';

/** The key under which every hardened schema carries the price of trying it: a stranger's are copied without what is no keyword. */
export const WORK = 'throughline:work';

/** Beside the units: the length of a text, or the number of an object's keys, is work too. */
const [SWEEPS_TEXT, SWEEPS_KEYS, UNIT] = [1, 2, 4];

const OF_TEXT = ['minLength', 'maxLength', 'format'];
const OF_KEYS = ['minProperties', 'maxProperties'];
/** What is compared with a value entry by entry. */
const LISTS = ['enum', 'const', 'required', 'properties', 'dependentRequired', 'dependencies', 'dependentSchemas'];

/** The price of a schema that does nothing but refer to another. */
export const WORK_OF_REFERENCE = UNIT;
/** What the library's code calls the number of faults so far. */
const ERRORS = new Name('errors');

/** The price of trying a schema once, apart from the schemas in it; null for one that says nothing. */
export function workOf(node: SchemaNode): number | null {
  const keys = Object.keys(node);
  if (keys.length === 0) return null;
  const units = LISTS.reduce(
    (sum, key) => sum + (keys.includes(key) ? entries(node[key], key !== 'properties') : 0),
    1,
  );
  const sweeps = (names: readonly string[]) => names.some((name) => keys.includes(name));
  return units * UNIT + (sweeps(OF_TEXT) ? SWEEPS_TEXT : 0) + (sweeps(OF_KEYS) ? SWEEPS_KEYS : 0);
}

/** Entries of lists and objects, whatever lies in them. Schemas have a price of their own. */
function entries(value: unknown, deep: boolean): number {
  if (typeof value !== 'object' || value === null) return 1;
  const children = Object.values(value);
  if (!deep) return children.length;
  return children.reduce<number>((sum, child) => sum + (WORK in Object(child) ? 1 : entries(child, true)), 1);
}

/** The keyword that takes the price from a limit, before anything else of its schema is tried. */
export function workKeyword(limit: WorkLimit, outOfWork: Error): CodeKeywordDefinition {
  return {
    keyword: WORK,
    schemaType: 'number',
    before: '$ref',
    code(cxt: KeywordCxt): void {
      const { gen, data } = cxt;
      const work: number = cxt.schema;
      const left = gen.scopeValue('obj', { ref: limit });
      const error = gen.scopeValue('Error', { ref: outOfWork });
      const units = Math.floor(work / UNIT);
      const text = (work & SWEEPS_TEXT) === 0 ? _`` : _` + (typeof ${data} == "string" ? ${data}.length >> 2 : 0)`;
      const keys =
        (work & SWEEPS_KEYS) === 0
          ? _``
          : _` + (typeof ${data} == "object" && ${data} !== null ? Object.keys(${data}).length * 8 : 0)`;
      // Faults are handed from schema to schema by copying all that there are so far.
      const faults = cxt.it.allErrors === true ? _` + (${ERRORS} >> 4)` : _``;
      gen.if(_`(${left}.left -= ${units}${text}${keys}${faults}) < 0`, () => gen.throw(error));
    },
  };
}
