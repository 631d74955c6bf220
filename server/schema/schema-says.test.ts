import { describe, expect, it } from 'vitest';
import { createSchemaSays } from './schema-says.ts';
import { buildSchemaSet } from './schema-set.ts';

const file = (name: string, schema: object) => ({
  ...{ name, origin: 'operator' as const },
  text: JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, null, 2),
});
const purpose = (version: string, at = '/payload') => ({ event_types: ['order.placed'], version, at });

const SAYS = createSchemaSays(
  buildSchemaSet([
    file('order-v1.json', {
      'x-throughline': purpose('1.0.0'),
      properties: { sku: { type: 'string' }, price: { type: 'number' } },
    }),
    file('order-v2.json', {
      'x-throughline': purpose('2.0.0'),
      title: 'Order',
      required: ['sku'],
      properties: {
        sku: { type: 'string' },
        price: { $ref: 'money.json#/$defs/price' },
        lines: { items: { enum: [1] } },
      },
    }),
    file('money.json', { $defs: { price: { description: 'Not a rule', type: 'number', minimum: 0 } } }),
    file('other.json', {
      'x-throughline': { event_types: ['x'], version: '1.0.0' },
      anyOf: [{ type: 'null' }, { type: 'string' }],
    }),
  ]),
);

const ask = (path: string, rule: string, schema = 'order-v2.json', version: string | null = '2.0.0') =>
  SAYS({ schema, version, path, rule });

describe('what a schema says of a rule that events break', () => {
  it('is the schema around it, with the rule marked, and the line of the file', () => {
    const [clause] = ask('/payload/sku', 'required')?.clauses ?? [];
    expect(clause).toMatchObject({ pointer: '/required', line: 11, schema: { name: 'order-v2.json', title: 'Order' } });
    expect(
      clause?.lines.map(({ depth, text, is_rule }) => `${' '.repeat(depth)}${text}${is_rule ? ' <' : ''}`),
    ).toEqual([
      '{',
      ' "required": ["sku"] <',
      ' "properties": {',
      '  "sku": {"type":"string"}',
      '  "price": {"$ref":"money.json#/$defs/price"}',
      '  "lines": {"items":{"enum":[1]}}',
      ' }',
      '}',
    ]);
  });

  it('is found behind a reference into another file, which is named', () => {
    const [clause] = ask('/payload/price', 'minimum')?.clauses ?? [];
    expect(clause).toMatchObject({ pointer: '/$defs/price/minimum', schema: { name: 'money.json' } });
    expect(clause?.lines.map(({ text }) => text)).toEqual(['{', '"type": "number"', '"minimum": 0', '}']);
  });

  it('may stand in several branches, and nowhere', () => {
    expect(ask('', 'type', 'other.json', '1.0.0')?.clauses.map(({ pointer }) => pointer)).toEqual([
      '/anyOf/0/type',
      '/anyOf/1/type',
    ]);
    expect(ask('/payload/lines/*', 'enum')?.clauses.map(({ pointer }) => pointer)).toEqual([
      '/properties/lines/items/enum',
    ]);
    expect(ask('/payload/nothing/here', 'type')?.clauses).toEqual([]);
    expect(ask('/elsewhere', 'type')?.clauses).toEqual([]);
  });

  it('is that the part itself must be there', () => {
    expect(ask('/payload', 'required')?.clauses.map(({ pointer }) => pointer)).toEqual(['/x-throughline/at']);
  });

  it('is nothing for a schema or a version that is not in force', () => {
    expect([ask('', 'type', 'none.json'), ask('', 'type', 'order-v2.json', '1.0.0')]).toEqual([null, null]);
  });
});

describe('the version before', () => {
  it('is the next older one of the same events, with what changed at the place first', () => {
    const before = ask('/payload/sku', 'required')?.before;
    expect(before).toMatchObject({ schema: { name: 'order-v1.json', version: '1.0.0' }, was: null, is: '["sku"]' });
    expect(before?.backward).toBe('no');
    const [first, ...rest] = before?.changes ?? [];
    expect([first?.path, first?.is_here, first?.breaks]).toEqual(['/sku', true, 'backward']);
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.some(({ is_here }) => is_here)).toBe(false);
  });

  it('is the same however often it is asked for', () => {
    expect(ask('/payload/sku', 'required')).toEqual(ask('/payload/sku', 'required'));
  });

  it('is none for the oldest, and for one that stands alone', () => {
    expect(ask('/payload/sku', 'type', 'order-v1.json', '1.0.0')?.before).toBe(null);
    expect(ask('', 'type', 'money.json', null)?.before).toBe(null);
  });

  it('is not compared where it describes another part of the event', () => {
    const says = createSchemaSays(
      buildSchemaSet([
        file('a1.json', { 'x-throughline': purpose('1', '') }),
        file('a2.json', { 'x-throughline': purpose('2'), type: 'object' }),
      ]),
    );
    const answer = says({ schema: 'a2.json', version: '2', path: '/payload', rule: 'type' });
    expect(answer?.before).toMatchObject({
      other_part: true,
      backward: 'unknown',
      changes: [],
      was: null,
      is: '"object"',
    });
  });
});
