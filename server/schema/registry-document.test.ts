import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import type { RegistrySchema } from '../model/registry-schema.ts';
import { compileRegistrySchema } from './registry-document.ts';
import { validate } from './validate-value.ts';

function registered(schema: unknown, references: Record<string, unknown> = {}): RegistrySchema {
  return {
    ...{ registry: 'http://registry', id: 7, type: 'JSON' },
    text: typeof schema === 'string' ? schema : JSON.stringify(schema),
    references: Object.entries(references).map(([name, each]) => ({ name, text: JSON.stringify(each) })),
  };
}

function verdict(schema: RegistrySchema, body: Json): string {
  const compiled = compileRegistrySchema(schema);
  if (compiled.kind === 'broken') return `line ${compiled.line}: ${compiled.reason}`;
  const checked = validate(compiled, { body, bytes: 100, exact: true });
  return checked.kind === 'violation' ? checked.errors.map(({ path, rule }) => `${path} ${rule}`).join() : checked.kind;
}

const MONEY = { type: 'object', required: ['units'], properties: { units: { type: 'integer' } } };

describe('a JSON Schema of a registry', () => {
  it('checks values as one of a file does, in the draft that producers write', () => {
    const schema = registered({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Order',
      type: 'object',
      additionalProperties: false,
      javaType: 'shop.Order',
      properties: { note: { oneOf: [{ type: 'null' }, { type: 'string' }] }, total: { type: 'number', minimum: 0 } },
    });
    expect(verdict(schema, { note: null, total: 1 })).toBe('ok');
    expect(verdict(schema, { total: -1 })).toBe('/total minimum');
    expect(verdict(schema, { other: 1 })).toBe('/other additionalProperties');
  });

  it('holds numbers beyond 2^53 to its rules, digit by digit', () => {
    const schema = registered({ properties: { n: { type: 'integer', not: { multipleOf: 2 } } } });
    expect(verdict(schema, { n: 9007199254740993n })).toBe('ok');
    expect(verdict(schema, { n: 9007199254740994n })).toBe('/n not');
  });

  it.each([
    ['by a name', {}, 'money.json', {}],
    ['by an address beside its own', { $id: 'https://shop.example/order.json' }, 'money.json', {}],
    ['by the address that the other has', {}, 'https://shop.example/money', { $id: 'https://shop.example/money' }],
    ['by a name that is not its own address', {}, 'money.json', { $id: 'https://shop.example/money' }],
  ])('finds what it refers to %s', (_how, own, name, other) => {
    const references = { [name]: { ...other, ...MONEY } };
    const schema = registered({ ...own, properties: { total: { $ref: name } } }, references);
    expect(verdict(schema, { total: { units: 1 } })).toBe('ok');
    expect(verdict(schema, { total: {} })).toBe('/total/units required');
  });

  it('finds what its references refer to', () => {
    const order = {
      $id: 'https://a.example/order',
      properties: { line: { $ref: 'https://b.example/lines/line.json' } },
    };
    const line = { $id: 'https://b.example/lines/line.json', properties: { price: { $ref: 'money.json' } } };
    const schema = registered(order, { 'money.json': MONEY, 'https://b.example/lines/line.json': line });
    expect(verdict(schema, { line: { price: {} } })).toBe('/line/price/units required');
  });

  it.each([
    ['no JSON', '{', /^line 1: /],
    ['no schema', '[1]', /a schema is an object/],
    ['of another language', { $schema: 'https://xml.example' }, /only JSON Schema of the drafts/],
    ['longer than a file may be', `{"title":"${'x'.repeat(500_001)}"}`, /characters/],
    ['lost without what it refers to', { $ref: 'gone.json' }, /gone\.json/],
    ['one with a part that is none', { properties: { a: { type: 'strnig' } } }, /^line 1: /],
  ])('that is %s is broken, with the reason', (_what, text, reason) => {
    expect(verdict(registered(text), {})).toMatch(reason);
  });

  it('that is hostile is contained as a file is', () => {
    const slow = registered({ properties: { a: { pattern: '^(a+)+$' } } });
    expect(verdict(slow, { a: `${'a'.repeat(50_000)}!` })).toMatch(/\/a pattern|gave up/);
    const deep = `${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`;
    expect(verdict(registered(deep), {})).toMatch(/^line 1: /);
    const loop = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
    expect(verdict(registered(loop), {})).toMatch(/gave up|line/);
    expect(verdict(registered({ properties: { __proto__: 1, constructor: { const: 1 } } }), {})).toBe('ok');
  });
});

describe('an Avro or Protobuf schema of a registry', () => {
  it('has nothing left to check: what was read by it fits', () => {
    expect(verdict({ ...registered('syntax = "proto3";'), type: 'PROTOBUF' }, { a: 1 })).toBe('ok');
    expect(verdict({ ...registered({ type: 'record' }), type: 'AVRO' }, null)).toBe('ok');
  });
});
