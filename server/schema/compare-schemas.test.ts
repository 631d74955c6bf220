import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { compareSchemas, type SchemaComparison } from './compare-schemas.ts';

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer' } as const;
const DRAFT_4 = 'http://json-schema.org/draft-04/schema#';
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

/** An object with fields. */
function object(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...more };
}

function closed(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return object(properties, { additionalProperties: false, ...more });
}

function told({ backward, forward, changes }: SchemaComparison) {
  return {
    verdicts: `${backward} ${forward}`,
    sentences: changes.map(({ sentence }) => sentence),
  };
}

function ifThen(one: Json, two: Json): Json {
  return Object.fromEntries([
    ['if', one],
    ['then', two],
  ]);
}

const BACKWARD = 'Readers of the new version can refuse old events.';
const FORWARD = 'Readers of the old version can refuse new events.';
const BOTH = 'Readers of either version can refuse events of the other.';
const HARMLESS = 'This breaks no reader.';

describe('what a producer reads', () => {
  it.each<[name: string, older: Json, newer: Json, verdicts: string, ...sentences: string[]]>([
    ['nothing changed', object({ a: TEXT }), object({ a: { ...TEXT, title: 'A' } }), 'yes yes'],
    [
      'an optional field was added, where others are refused',
      closed({ a: TEXT }),
      closed({ a: TEXT, b: TEXT }),
      'yes no',
      `“/b” is new (string) and may be absent. ${FORWARD}`,
    ],
    [
      'an optional field was added, where any other was allowed',
      object({ a: TEXT }),
      object({ a: TEXT, b: TEXT }),
      'no yes',
      `“/b” is new (string) and may be absent. Nothing was said of it before, so an old event may carry anything there. ${BACKWARD}`,
    ],
    [
      'a field of any type was added',
      object({ a: TEXT }),
      object({ a: TEXT, b: {} }),
      'yes yes',
      `“/b” is new (any type) and may be absent. ${HARMLESS}`,
    ],
    [
      'a required field was added',
      object({ a: TEXT }),
      object({ a: TEXT, b: TEXT }, { required: ['b'] }),
      'no yes',
      `“/b” is new (string) and must be there. ${BACKWARD}`,
    ],
    [
      'a field became required',
      object({ a: TEXT }),
      object({ a: TEXT }, { required: ['a'] }),
      'no yes',
      `“/a” must be there now; it was optional. ${BACKWARD}`,
    ],
    [
      'a field became optional',
      object({ a: TEXT }, { required: ['a'] }),
      object({ a: TEXT }),
      'yes no',
      `“/a” may be absent now; it was required. ${FORWARD}`,
    ],
    [
      'a field was removed, where others are refused',
      closed({ a: TEXT, b: TEXT }),
      closed({ a: TEXT }),
      'no yes',
      `“/b” was removed, and is refused now. ${BACKWARD}`,
    ],
    [
      'a field was removed, where any other is allowed',
      object({ a: TEXT, b: TEXT }),
      object({ a: TEXT }),
      'yes no',
      `“/b” was removed, and may carry anything now. ${FORWARD}`,
    ],
    [
      'other fields are refused',
      object({ a: TEXT }),
      closed({ a: TEXT }),
      'no yes',
      `Fields of the event that the schema does not name are refused now. ${BACKWARD}`,
    ],
    [
      'a range widened',
      object({ score: { type: 'number', minimum: 0, maximum: 1 } }),
      object({ score: { type: 'number', minimum: 0, maximum: 100 } }),
      'yes no',
      `The range of “/score” was at least 0 and at most 1 and is at least 0 and at most 100 now. ${FORWARD}`,
    ],
    [
      'a range moved',
      object({ score: { minimum: 1, maximum: 3 } }),
      object({ score: { minimum: 2, exclusiveMaximum: 5 } }),
      'no no',
      `The range of “/score” was at least 1 and at most 3 and is at least 2 and below 5 now. ${BOTH}`,
    ],
    [
      'a length narrowed',
      object({ name: { type: 'string', maxLength: 50 } }),
      object({ name: { type: 'string', minLength: 1, maxLength: 50 } }),
      'no yes',
      `The length of “/name” was at most 50 and is at least 1 and at most 50 now. ${BACKWARD}`,
    ],
    [
      'values were removed',
      object({ kind: { enum: ['a', 'b', 'c'] } }),
      object({ kind: { enum: ['a'] } }),
      'no yes',
      `“/kind” may no longer be “b” or “c”. ${BACKWARD}`,
    ],
    [
      'values were added',
      object({ kind: { enum: ['a'] } }),
      object({ kind: { enum: ['a', null, 5] } }),
      'yes no',
      `“/kind” may also be null or 5 now. ${FORWARD}`,
    ],
    [
      'a type changed',
      object({ id: TEXT }),
      object({ id: COUNT }),
      'no no',
      `“/id” changed from string to integer. ${BOTH}`,
    ],
    [
      'a type widened',
      object({ id: COUNT }),
      object({ id: { type: ['number', 'null'] } }),
      'yes no',
      `“/id” changed from integer to null or number. ${FORWARD}`,
    ],
    [
      'a pattern was tightened',
      object({ hash: { type: 'string', pattern: '^[a-f0-9]{64,128}$' } }),
      object({ hash: { type: 'string', pattern: '^[a-f0-9]{64}$' } }),
      'no yes',
      `“/hash” must match the pattern “^[a-f0-9]{64}$” now, where it was “^[a-f0-9]{64,128}$”. ${BACKWARD}`,
    ],
    [
      'a pattern is not understood',
      object({ hash: { type: 'string' } }),
      object({ hash: { type: 'string', pattern: '^(?!b)' } }),
      'unknown yes',
      '“/hash” must match the pattern “^(?!b)” now. Whether the new version accepts all old events is not known.',
    ],
    [
      'a format was added',
      object({ at: { type: 'string' } }),
      object({ at: { type: 'string', format: 'date-time' } }),
      'unknown yes',
      '“/at” must have the format “date-time” now. Whether the new version accepts all old events is not known.',
    ],
    [
      'items of a list changed',
      object({ items: { type: 'array', items: object({ n: COUNT }) } }),
      object({ items: { type: 'array', items: object({ n: TEXT }), maxItems: 10 } }),
      'no no',
      `The number of items of “/items” was free and is at most 10 now. ${BACKWARD}`,
      `“/items/*/n” changed from integer to string. ${BOTH}`,
    ],
    [
      'values of a map changed',
      object({ counts: { type: 'object', additionalProperties: COUNT } }),
      object({ counts: { type: 'object', additionalProperties: { type: 'number' } } }),
      'yes no',
      `“/counts/**” changed from integer to number. ${FORWARD}`,
    ],
    [
      'an alternative was added',
      { oneOf: [object({ k: { const: 'a' } }, { required: ['k'] })] },
      { oneOf: [{ const: 1 }, object({ k: { const: 'a' } }, { required: ['k'] })] },
      'yes no',
      `The alternatives of the event changed. ${FORWARD}`,
    ],
    [
      'a condition got stricter',
      ifThen({ required: ['a'] }, { required: ['b'] }),
      ifThen({ required: ['a'] }, { required: ['b', 'c'] }),
      'no yes',
      `A condition of the event changed. ${BACKWARD}`,
    ],
  ])('when %s', (_, older, newer, verdicts, ...sentences) => {
    expect(told(compareSchemas(older, newer))).toEqual({ verdicts, sentences });
  });
});

describe('a comparison', () => {
  it('shows every “no” by an example, and says where a change is', () => {
    const older = object({ 'a/b': object({ n: { type: 'integer', minimum: 0 } }) });
    const newer = object({ 'a/b': object({ n: { type: 'integer', minimum: 1 } }) });
    expect(compareSchemas(older, newer)).toMatchObject({
      ...{ backward: 'no', forward: 'yes', examples: { backward: { 'a/b': { n: 0 } }, forward: null } },
      ...{ changes: [{ path: '/a~1b/n', kind: 'range narrowed', breaks: 'backward', mayBreak: 'none' }], reasons: [] },
    });
  });

  it.each<[string, Json, Json, string]>([
    [
      'limits as draft 4 wrote them',
      { $schema: DRAFT_4, minimum: 0, exclusiveMinimum: true },
      { exclusiveMinimum: 0 },
      'yes yes',
    ],
    ['OpenAPI’s nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }, 'yes yes'],
    ['a reference and what it stands for', { $ref: '#/$defs/a', $defs: { a: TEXT } }, TEXT, 'yes yes'],
    [
      'lists of items, old and new',
      { $schema: DRAFT_7, items: [TEXT, COUNT] },
      { prefixItems: [TEXT, COUNT] },
      'yes yes',
    ],
    ['one alternative for each type', { anyOf: [TEXT, COUNT] }, { type: ['string', 'integer'] }, 'yes yes'],
    [
      'rules apart and together',
      { allOf: [{ minLength: 1 }, { maxLength: 3 }] },
      { minLength: 1, maxLength: 3 },
      'yes yes',
    ],
    [
      'a length by a pattern',
      { type: 'string', pattern: '^a{3}$' },
      { type: 'string', minLength: 3, maxLength: 3 },
      'yes no',
    ],
    ['everything and nothing', true, false, 'no yes'],
    ['nothing, said in another way', { type: 'string', minLength: 3, maxLength: 2 }, false, 'yes yes'],
    ['what is not', { not: { type: ['string', 'null'] } }, { not: TEXT }, 'yes no'],
    ['tags that tell alternatives apart', tagged('a', 'b'), tagged('a', 'b', 'c'), 'yes no'],
    ['lists in lists', tree('integer'), tree('number'), 'yes no'],
    ['tree and tree', tree('string'), tree('string'), 'yes yes'],
  ])('knows %s', (_, older, newer, verdicts) => {
    expect(told(compareSchemas(older, newer)).verdicts).toBe(verdicts);
  });

  it.each<[string, Json, Json, string]>([
    ['no schema', 'text', true, 'no schema'],
    ['a draft of its own', { $schema: 'https://example.org/mine' }, {}, 'unknown draft'],
    ['a reference that leads outside', { $ref: 'other.json' }, { $ref: 'other.json' }, 'outside reference'],
    ['a reference that leads nowhere', { $ref: '#/nowhere' }, { type: 'string' }, 'outside reference'],
    ['a reference relative to a part', { $defs: { a: { $id: 'b' } }, $ref: '#/$defs/a' }, TEXT, 'outside reference'],
    ['a schema that is itself', { $ref: '#' }, TEXT, 'rule not understood'],
    [
      'what is beside a reference in draft 7',
      { $schema: DRAFT_7, $ref: '#/definitions/a', minLength: 1, definitions: { a: TEXT } },
      { type: 'string', minLength: 1 },
      'rule not understood',
    ],
    ['words of no schema', { type: 'text' }, { type: 'string' }, 'rule not understood'],
  ])('does not decide %s', (_, older, newer, reason) => {
    const comparison = compareSchemas(older, newer);
    expect(comparison.backward === 'unknown' || comparison.forward === 'unknown').toBe(true);
    expect(comparison.reasons).toContain(reason);
  });

  it.each<[string, Json, Json, string]>([
    ['a schema that is one of its own alternatives', TEXT, { anyOf: [{ $ref: '#' }, COUNT] }, 'unknown'],
    [
      'names that match a pattern of both',
      { patternProperties: { '^a': COUNT }, additionalProperties: TEXT },
      { patternProperties: { b: TEXT } },
      'no',
    ],
    [
      'names of which nobody knows whether they match',
      { patternProperties: { '^(?=a)': {} }, additionalProperties: false },
      { properties: { ab: TEXT } },
      'unknown',
    ],
    [
      'a proof that rested on what then failed',
      {
        ...object({ p: { $ref: '#/$defs/one' }, q: { $ref: '#/$defs/two' } }),
        $defs: { one: object({ x: { $ref: '#/$defs/two' }, y: COUNT }), two: object({ b: { $ref: '#/$defs/one' } }) },
      },
      {
        anyOf: [object({ p: { $ref: '#/$defs/one' } }), object({ q: { $ref: '#/$defs/two' } })],
        $defs: { one: object({ x: { $ref: '#/$defs/two' }, y: TEXT }), two: object({ b: { $ref: '#/$defs/one' } }) },
      },
      'no',
    ],
  ])('is not misled by %s', (_, older, newer, backward) => {
    expect(compareSchemas(older, newer).backward).toBe(backward);
  });

  it('takes what it does not understand for the same only where every word is', () => {
    const written = (more: JsonObject) => ({ ...object({ a: TEXT }), unevaluatedProperties: false, ...more });
    expect(told(compareSchemas(written({}), written({}))).verdicts).toBe('yes yes');
    const more = compareSchemas(written({}), { ...written({}), ...object({ a: TEXT, b: TEXT }) });
    expect([more.forward, more.reasons.length > 0]).toEqual(['unknown', true]);
    const defs = (type: string) => ({ contains: { $ref: '#/$defs/a' }, $defs: { a: { type } } });
    expect(told(compareSchemas(defs('string'), defs('string'))).verdicts).toBe('yes yes');
    expect(told(compareSchemas(defs('string'), defs('integer'))).verdicts).toBe('unknown unknown');
  });
});

describe('documents of strangers', () => {
  it('may be too large, or too deep', () => {
    const deep = JSON.parse(`${'{"not":'.repeat(10_000)}{}${'}'.repeat(10_000)}`) as Json;
    expect(compareSchemas(deep, {}).reasons).toEqual(['too deep']);
    const wide = object(Object.fromEntries(Array.from({ length: 30_000 }, (_, place) => [`k${place}`, TEXT])));
    expect(compareSchemas({}, wide).reasons).toEqual(['too large']);
  });

  it('may have fields of any name', () => {
    const named = (name: string, type: string) =>
      JSON.parse(JSON.stringify(object({})).replace('{}', `{"${name}":{"type":"${type}"}}`)) as Json;
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '', '*']) {
      expect(told(compareSchemas(named(name, 'integer'), named(name, 'number'))).verdicts).toBe('yes no');
    }
    expect(told(compareSchemas(named('__proto__', 'integer'), named('__proto__', 'number'))).verdicts).toBe(
      'unknown unknown',
    );
  });

  it.each<[string, (mark: string) => Json]>([
    ['alternatives in alternatives', (mark) => nestedAlternatives(8, mark)],
    ['references that double', (mark) => doubling(60, mark)],
    ['references that never end', (mark) => endless(mark)],
    [
      'very many fields',
      (mark) => object(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}${mark}`, TEXT]))),
    ],
    [
      'very many alternatives',
      (mark) => ({ oneOf: Array.from({ length: 3_000 }, (_, n) => object({ k: { const: `${mark}${n}` } })) }),
    ],
    ['very many values', (mark) => ({ enum: Array.from({ length: 15_000 }, (_, n) => `${mark}${n}`) })],
    [
      'patterns that explode',
      (mark) =>
        object(
          Object.fromEntries(
            Array.from({ length: 50 }, (_, n) => [
              `k${n}`,
              { type: 'string', pattern: `^(?:(?:a|b)*a(?:a|b){${n + 10}})${mark}$` },
            ]),
          ),
        ),
    ],
    [
      'patterns for names that explode',
      (mark) => ({
        patternProperties: Object.fromEntries(
          Array.from({ length: 100 }, (_, n) => [`(a|b)*a(a|b){${n}}${mark}`, TEXT]),
        ),
      }),
    ],
    [
      'rules in rules',
      (mark) =>
        Array.from({ length: 45 }).reduce<Json>((inside) => ({ allOf: [inside, { not: { const: mark } }] }), TEXT),
    ],
  ])('are compared with bounded work: %s', (_, schema) => {
    const comparison = compareSchemas(schema('x'), schema('y'));
    expect(['yes', 'no', 'unknown']).toContain(comparison.backward);
    expect(comparison.changes.length).toBeLessThanOrEqual(201);
  });
});

function tagged(...tags: readonly string[]): Json {
  return { oneOf: tags.map((tag) => object({ kind: { const: tag }, [tag]: COUNT }, { required: ['kind', tag] })) };
}

function tree(type: string): Json {
  return {
    $ref: '#/$defs/node',
    $defs: {
      node: object(
        {
          value: { type },
          left: { $ref: '#/$defs/node' },
          right: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
        },
        { required: ['value'] },
      ),
    },
  };
}

function nestedAlternatives(depth: number, mark: string): Json {
  if (depth === 0) return { const: mark };
  const inside = nestedAlternatives(depth - 1, mark);
  return { anyOf: [object({ a: inside }), object({ b: inside })] };
}

/** Each definition twice the one before. */
function doubling(count: number, mark: string): Json {
  const defs = Object.fromEntries(
    Array.from({ length: count }, (_, n): [string, Json] => [
      `d${n}`,
      n === count - 1
        ? { const: mark }
        : { anyOf: [object({ a: { $ref: `#/$defs/d${n + 1}` } }), object({ b: { $ref: `#/$defs/d${n + 1}` } })] },
    ]),
  );
  return { $ref: '#/$defs/d0', $defs: defs };
}

function endless(mark: string): Json {
  return {
    $defs: {
      a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
      b: { oneOf: [{ $ref: '#/$defs/a' }, { const: mark }] },
    },
    $ref: '#/$defs/a',
    allOf: [{ $ref: '#/$defs/b' }],
  };
}

it('nothing of a document is changed', () => {
  const older = tree('integer');
  const newer = tree('number');
  const before = JSON.stringify([older, newer]);
  compareSchemas(older, newer);
  expect([JSON.stringify([older, newer]), isJsonObject(older)]).toEqual([before, true]);
});
