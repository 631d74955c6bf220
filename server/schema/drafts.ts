/** The drafts of JSON Schema that are read, by the names they are known by. */
export type Draft = '4' | '6' | '7' | '2019-09' | '2020-12';

/** What stands under a keyword: a schema, schemas in a list, schemas by name, or what is no schema at all. */
export type KeywordKind = 'schema' | 'list' | 'schema or list' | 'map' | 'data';

/** Where `$schema` says nothing. A registry assumes the same. */
export const DEFAULT_DRAFT: Draft = '7';

/** Addresses of the meta-schemas as they stand under `$schema`; a `#` at the end and the scheme's `s` do not count. */
const ADDRESSES: Readonly<Record<string, Draft>> = {
  'json-schema.org/draft-04/schema': '4',
  'json-schema.org/draft-06/schema': '6',
  'json-schema.org/draft-07/schema': '7',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft/2020-12/schema': '2020-12',
};

/** The draft that a `$schema` names; null for one that is not read. */
export function draftOf(address: string): Draft | null {
  const name = address.replace(/^https?:\/\//, '').replace(/#$/, '');
  return Object.hasOwn(ADDRESSES, name) ? (ADDRESSES[name] ?? null) : null;
}

type Keywords = Readonly<Record<string, KeywordKind>>;

const DRAFT_4: Keywords = {
  type: 'data',
  enum: 'data',
  multipleOf: 'data',
  maximum: 'data',
  exclusiveMaximum: 'data',
  minimum: 'data',
  exclusiveMinimum: 'data',
  maxLength: 'data',
  minLength: 'data',
  pattern: 'data',
  format: 'data',
  items: 'schema or list',
  additionalItems: 'schema',
  maxItems: 'data',
  minItems: 'data',
  uniqueItems: 'data',
  maxProperties: 'data',
  minProperties: 'data',
  required: 'data',
  properties: 'map',
  patternProperties: 'map',
  additionalProperties: 'schema',
  dependencies: 'map',
  allOf: 'list',
  anyOf: 'list',
  oneOf: 'list',
  not: 'schema',
  definitions: 'map',
  $ref: 'data',
};
const DRAFT_6: Keywords = { ...DRAFT_4, $id: 'data', const: 'data', contains: 'schema', propertyNames: 'schema' };
// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
const DRAFT_7: Keywords = { ...DRAFT_6, if: 'schema', then: 'schema', else: 'schema' };
/** What drafts 2019-09 and 2020-12 have in common. `dependencies` and `definitions` are kept for schemas on their way. */
const SINCE_2019: Keywords = {
  ...DRAFT_7,
  $defs: 'map',
  $anchor: 'data',
  dependentRequired: 'data',
  dependentSchemas: 'map',
  maxContains: 'data',
  minContains: 'data',
  unevaluatedItems: 'schema',
  unevaluatedProperties: 'schema',
};
const { additionalItems: _, ...SINCE_2020 } = SINCE_2019;

/**
 * The keywords of a draft that say anything about a value, or where a schema stands. Every other key is an annotation, and
 * is not looked at.
 */
export const KEYWORDS: Readonly<Record<Draft, Keywords>> = {
  '4': { ...DRAFT_4, id: 'data' },
  '6': DRAFT_6,
  '7': DRAFT_7,
  '2019-09': { ...SINCE_2019, $recursiveRef: 'data', $recursiveAnchor: 'data' },
  '2020-12': { ...SINCE_2020, items: 'schema', prefixItems: 'list', $dynamicRef: 'data', $dynamicAnchor: 'data' },
};

/** Keywords of a draft that say what a value must be, for people: without names and definitions. */
export function drawnKeywords(draft: Draft): Keywords {
  const { $id: _i, id: _d, $anchor: _a, $dynamicAnchor: _y, $defs: _f, definitions: _n, ...rest } = KEYWORDS[draft];
  return rest;
}

/** In drafts before 2019-09 nothing beside a `$ref` counts. */
export function refStandsAlone(draft: Draft): boolean {
  return draft === '4' || draft === '6' || draft === '7';
}
