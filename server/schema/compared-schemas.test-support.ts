import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { isJsonObject, type Json } from '../model/json.ts';

/** A format that validators of these tests check: texts of an even length. */
const EVEN = 'even';

/** Names that every object inherits are fields only where an event has them. */
const AJV = new Ajv2020({
  ownProperties: true,
  strict: false,
  logger: false,
  validateSchema: false,
  addUsedSchema: false,
  formats: { [EVEN]: (text: string) => text.length % 2 === 0 },
});

/** Whether another validator finds a value valid; null when it cannot read the schema, never ends, or throws. */
export function validatorOf(schema: Json): (value: Json) => boolean | null {
  let validate: ReturnType<typeof AJV.compile>;
  try {
    validate = AJV.compile(schema as Parameters<typeof AJV.compile>[0]);
  } catch {
    return () => null;
  }
  return (value) => {
    try {
      return validate(value) === true;
    } catch {
      return null;
    }
  };
}

const scalar = fc.constantFrom<Json>(
  ...[
    null,
    true,
    false,
    -1,
    0,
    0.5,
    1,
    1.5,
    2,
    3,
    4,
    5,
    6,
    10,
    '',
    'a',
    'b',
    'ab',
    'ba',
    'aab',
    'aaaa',
    '0',
    'a1',
    'A',
  ],
);
const fieldName = fc.constantFrom('a', 'b', 'c', 'ab', 'x1', 'constructor', '__proto__');

/** Small values, made of what the schemas below speak of. */
export const instance: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'instance', withCrossShrink: true },
    { arbitrary: scalar, weight: 3 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'instance' }), weight: 1 },
    {
      arbitrary: fc
        .array(fc.tuple(fieldName, tie('value')), { maxLength: 4, depthIdentifier: 'instance' })
        .map((fields): Json => Object.fromEntries(fields)),
      weight: 3,
    },
  ),
})).value;

const type = fc.constantFrom<Json>(
  ...[
    'string',
    'integer',
    'number',
    'object',
    'array',
    'boolean',
    'null',
    ['string', 'null'],
    ['integer', 'string'],
    ['object', 'array'],
  ],
);
const small = fc.integer({ min: 0, max: 4 });
const PATTERNS = ['^a', '^a+$', 'b', '^[ab]*$', '^[ab]{2}$', '^x', '\\d$', '^(?=a)', '^.{1,2}$'];
const pattern = fc.constantFrom(...PATTERNS);

function condition(parts: readonly Json[]): Json {
  return Object.fromEntries(
    ['if', 'then', 'else'].slice(0, parts.length).map((word, place) => [word, parts[place] ?? true]),
  );
}

/** Schemas of few words, so that two of them often mean the same. */
const schema: fc.Arbitrary<Json> = fc.letrec<{ schema: Json; words: Json }>((tie) => {
  const inside = tie('schema');
  const list = fc.array(inside, { minLength: 1, maxLength: 3, depthIdentifier: 'schema' });
  const fields = fc
    .array(fc.tuple(fieldName, inside), { maxLength: 3, depthIdentifier: 'schema' })
    .map((each): Json => Object.fromEntries(each));
  const byPattern = fc
    .array(fc.tuple(pattern, inside), { minLength: 1, maxLength: 2, depthIdentifier: 'schema' })
    .map((each): Json => Object.fromEntries(each));
  const word = (keyword: string, value: fc.Arbitrary<Json>) => value.map((each): Json => ({ [keyword]: each }));
  const flat = fc.oneof(
    word('type', type),
    word('enum', fc.array(scalar, { minLength: 1, maxLength: 4 })),
    word('const', scalar),
    word('minimum', small),
    word('maximum', small),
    word('exclusiveMinimum', small),
    word('exclusiveMaximum', small),
    word('multipleOf', fc.constantFrom(1, 2, 3, 4, 0.5)),
    word('minLength', small),
    word('maxLength', small),
    word('pattern', pattern),
    word('format', fc.constantFrom(EVEN, 'unheard-of')),
    word('minItems', small),
    word('maxItems', small),
    word('uniqueItems', fc.boolean()),
    word('minProperties', small),
    word('maxProperties', small),
    word('required', fc.uniqueArray(fieldName, { minLength: 1, maxLength: 2 })),
    word('$ref', fc.constantFrom('#/$defs/one', '#/$defs/two', '#', '#/nowhere')),
    fc.constant<Json>({ type: 'string', nullable: true }),
  );
  const nested = fc.oneof(
    { arbitrary: word('properties', fields), weight: 5 },
    { arbitrary: word('additionalProperties', inside), weight: 3 },
    { arbitrary: word('patternProperties', byPattern), weight: 2 },
    { arbitrary: word('items', inside), weight: 2 },
    { arbitrary: word('prefixItems', list), weight: 2 },
    word('propertyNames', inside),
    word('allOf', list),
    { arbitrary: word('anyOf', list), weight: 2 },
    { arbitrary: word('oneOf', list), weight: 2 },
    word('not', inside),
    // Not `contains`: the validator lets an empty list pass where `prefixItems` stands beside it.
    inside.map((one): Json => ({ dependentSchemas: { a: one } })),
    word('dependentRequired', fc.constant({ a: ['b'] })),
    word('unevaluatedProperties', fc.boolean()),
    fc.tuple(inside, inside, inside).map((parts) => condition(parts)),
    fc.tuple(inside, inside).map((parts) => condition(parts)),
  );
  return {
    words: fc
      .array(fc.oneof({ maxDepth: 3, depthIdentifier: 'schema' }, flat, nested), {
        maxLength: 4,
        depthIdentifier: 'schema',
      })
      .map((words): Json => Object.assign({}, ...words)),
    schema: fc.oneof({ arbitrary: tie('words'), weight: 12 }, fc.boolean()),
  };
}).schema;

/** A schema with definitions of its own. */
export const document: fc.Arbitrary<Json> = fc
  .tuple(schema, schema, schema)
  .map(([root, one, two]) => (isJsonObject(root) ? { ...root, $defs: { one, two } } : root));

/** A document and one that came of it by a few changes anywhere: as versions do. */
export const versions: fc.Arbitrary<readonly [Json, Json]> = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(5), schema), { minLength: 1, maxLength: 3 }))
  .map(([older, edits]) => [older, edits.reduce((newer, edit) => edited(newer, edit), older)]);

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE = ['additionalProperties', 'items', 'propertyNames', 'not', 'if', 'then', 'else'];
const MANY = ['prefixItems', 'allOf', 'anyOf', 'oneOf', 'properties', 'patternProperties', '$defs'];

/** One schema of a document with some of its words changed. */
function edited(document: Json, [place, how, other]: readonly [number, number, Json]): Json {
  const copy = structuredClone(document) as Mutable;
  const all: Mutable[] = [];
  collect(copy, all);
  const target = all[place % Math.max(1, all.length)];
  if (target === undefined || !isJsonObject(other)) return how === 0 ? other : copy;
  const words = Object.keys(target).filter((word) => word !== '$defs');
  const word = words[place % Math.max(1, words.length)];
  if (how < 2 && word !== undefined) delete target[word];
  else if (how < 4) Object.assign(target, other);
  else {
    for (const each of words) {
      const value = target[each];
      if (typeof value === 'number') target[each] = Math.max(1, value + (how === 4 ? 1 : -1));
      if (each === 'enum' && Array.isArray(value))
        target[each] = how === 4 ? [...value, 'b', null] : value.slice(0, Math.max(1, value.length - 1));
      if (each === 'type')
        target[each] = how === 4 ? [...new Set([value].flat().concat('null'))] : [value].flat().slice(0, 1);
      if (each === 'required' && Array.isArray(value))
        target[each] = how === 4 ? value.slice(1) : [...new Set([...value, 'a'])];
    }
  }
  return copy;
}

interface Mutable {
  [key: string]: Json;
}

function collect(schema: Json, all: Mutable[]): void {
  if (!isJsonObject(schema)) return;
  all.push(schema as Mutable);
  for (const word of ONE) if (Object.hasOwn(schema, word)) collect(schema[word] ?? null, all);
  for (const word of MANY) {
    const value = Object.hasOwn(schema, word) ? schema[word] : undefined;
    if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) collect(child, all);
  }
}
