import type { AnySchemaObject, FuncKeywordDefinition } from 'ajv';
import type { DataValidationCxt } from 'ajv/dist/types/index.js';
import type { Json } from '../model/json.ts';
import { isMultipleOf, sameText } from './exact-value.ts';
import type { WorkLimit } from './work-limit.ts';

/** What the keywords of one compiled schema share while a value is checked. */
export interface CheckState {
  readonly limit: WorkLimit;
  /** See `StandIn.originals`. */
  originals: ReadonlyMap<unknown, Json> | null;
}

type ExactSchemas = WeakMap<object, ReadonlyMap<string, Json>>;

type Comparison = (value: number | bigint, bound: number | bigint) => boolean;

const BOUNDS: Readonly<Record<string, Comparison>> = {
  maximum: (value, bound) => value <= bound,
  minimum: (value, bound) => value >= bound,
  exclusiveMaximum: (value, bound) => value < bound,
  exclusiveMinimum: (value, bound) => value > bound,
};

/**
 * Keywords in the place of the library's. `multipleOf` counts in decimal digits, and `uniqueItems` takes time in proportion
 * to its items, where the library's compares each with all others.
 */
export function sounderKeywords(state: CheckState, exact: ExactSchemas): FuncKeywordDefinition[] {
  return [
    numeric('multipleOf', isMultipleOf, state, exact),
    {
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      compile: (unique: boolean) => (data: Json[]) => {
        if (!unique || data.length < 2) return true;
        const items = original(data, state) as readonly Json[];
        const seen = new Set<string>();
        for (const item of items) {
          const text = sameText(item, state.limit);
          if (seen.has(text)) return false;
          seen.add(text);
        }
        return true;
      },
    },
  ];
}

/** Keywords that compare numbers beyond 2^53 digit by digit: slower, and only for schemas that could tell. */
export function exactKeywords(state: CheckState, exact: ExactSchemas): FuncKeywordDefinition[] {
  const one = (keyword: 'const' | 'enum'): FuncKeywordDefinition => ({
    keyword,
    compile: (schema: Json, parent: AnySchemaObject) => {
      const wanted = exact.get(parent)?.get(keyword) ?? schema;
      const options = keyword === 'enum' ? (wanted as readonly Json[]) : [wanted];
      const texts = new Set(options.map((option) => sameText(option, { left: Number.POSITIVE_INFINITY })));
      return (data: Json, cxt?: DataValidationCxt) => texts.has(sameText(exactOf(data, cxt, state), state.limit));
    },
  });
  return [
    ...Object.entries(BOUNDS).map(([keyword, fits]) => numeric(keyword, fits, state, exact)),
    { ...one('enum'), schemaType: 'array' },
    one('const'),
  ];
}

function numeric(keyword: string, fits: Comparison, state: CheckState, exact: ExactSchemas): FuncKeywordDefinition {
  return {
    keyword,
    type: 'number',
    schemaType: 'number',
    compile: (schema: number, parent: AnySchemaObject) => {
      const wanted = exact.get(parent)?.get(keyword) ?? schema;
      const bound = typeof wanted === 'bigint' ? wanted : schema;
      return (data: number, cxt?: DataValidationCxt) => {
        const value = exactOf(data, cxt, state);
        return fits(typeof value === 'bigint' ? value : data, bound);
      };
    },
  };
}

/** The list or object that a copy was made from. */
function original(data: Json, { originals }: CheckState): Json {
  return originals?.get(data) ?? data;
}

/** What stood where the validator reads `data`. */
function exactOf(data: Json, cxt: DataValidationCxt | undefined, state: CheckState): Json {
  if (state.originals === null || cxt === undefined) return data;
  if (typeof data === 'object' && data !== null) return original(data, state);
  const around = state.originals.get(cxt.parentData) as { readonly [key: string]: Json } | undefined;
  return around?.[cxt.parentDataProperty] ?? data;
}
