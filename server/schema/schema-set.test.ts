import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { readTopicName } from '../model/topic-name.ts';
import { checkChosen, chooseSchemas } from './check-event.ts';
import { chooseSchema, type EventFacts, type WireSchema } from './choose-schema.ts';
import type { SchemaFile, SchemaOrigin } from './schema-document.ts';
import { buildSchemaSet } from './schema-set.ts';
import { statedSchema } from './stated-schema.ts';

function file(name: string, purpose: Json, more: object = {}, origin: SchemaOrigin = 'operator'): SchemaFile {
  return { name, origin, text: JSON.stringify({ 'x-throughline': purpose, ...more }) };
}

const SET = buildSchemaSet([
  file('paid-1.json', {
    event_types: ['shop.order.paid.v1'],
    version: '1.0.0',
    references: ['registry://shop/paid/v1'],
  }),
  file('paid-2.json', { event_types: ['shop.order.paid'], version: '2.1.0' }, { $id: 'https://shop.example/paid/2' }),
  file('paid-2-0.json', { event_types: ['shop.order.paid'], version: '2.0.0' }),
  file('any-paid.json', { event_types: ['shop.order.paid'], version: '9.0.0' }, {}, 'built in'),
  file('refunds.json', { topics: ['dev.shop.refunds.v1'] }, { type: 'object', required: ['amount'] }),
  file('envelope.json', { dialects: ['own'] }, { required: ['id'] }),
]);

const FACTS: EventFacts = {
  reference: null,
  wire: null,
  eventType: 'none',
  version: null,
  topic: readTopicName('prod.shop.things.v1'),
  dialect: 'none',
};

const [REGISTERED = null] = buildSchemaSet([file('registered', {}, {}, 'registry')]).schemas;
const wire = (more: Partial<WireSchema> = {}): WireSchema => ({ id: 7, schema: REGISTERED, decides: true, ...more });

function chosen(facts: Partial<EventFacts>): string {
  const choice = chooseSchema({ ...FACTS, ...facts }, SET);
  return choice.kind === 'schema' ? `${choice.schema.document.id} by ${choice.by}` : choice.kind;
}

describe('which schema an event follows', () => {
  it('the one it names, before all else', () => {
    const eventType = 'shop.order.paid';
    expect(chosen({ reference: 'registry://shop/paid/v1', wire: wire(), eventType })).toBe('paid-1 by reference');
    expect(chosen({ reference: 'https://shop.example/paid/2#', eventType })).toBe('paid-2 by reference');
    expect(chosen({ wire: wire(), eventType })).toBe('registered by wire id');
  });

  it('none, when nobody knows what it names', () => {
    expect(chosen({ reference: 'registry://shop/paid/v9', eventType: 'shop.order.paid' })).toBe('unknown reference');
  });

  it('none, when the schema of a registry that it names cannot be used: no other is meant', () => {
    expect(chosen({ wire: wire({ schema: null }), eventType: 'shop.order.paid' })).toBe('unchecked');
  });

  it('that it was read by, where no other is for it', () => {
    const read = wire({ decides: false });
    expect(chosen({ wire: read, eventType: 'shop.order.paid' })).toBe('paid-2 by event type');
    expect(chosen({ wire: read, topic: readTopicName('prod.shop.refunds.v2') })).toBe('refunds by topic');
    expect(chosen({ wire: read })).toBe('registered by wire id');
    expect(chosen({ wire: read, eventType: 'shop.order.paid', version: [3] })).toBe('registered by wire id');
    expect(chosen({ wire: read, reference: 'registry://shop/paid/v9' })).toBe('unknown reference');
  });

  it.each([
    [null, 'paid-2 by event type'],
    [[2, 0, 0], 'paid-2-0 by event type'],
    [[2], 'paid-2 by event type'],
    [[2, 7], 'paid-2 by event type'],
    [[1], 'paid-1 by event type'],
    [[9], 'any-paid by event type'],
    [[3], 'unchecked'],
  ] as const)('the version %j of its type', (version, name) => {
    expect(chosen({ eventType: 'shop.order.paid', version })).toBe(name);
  });

  it('the version at the end of its type', () => {
    expect(chosen({ eventType: 'shop.order.paid.v1' })).toBe('paid-1 by event type');
    expect(chosen({ eventType: 'shop.order.paid.v1', version: [2, 0] })).toBe('paid-2-0 by event type');
  });

  it('that of its topic, whatever its environment and version', () => {
    expect(chosen({ topic: readTopicName('prod.shop.refunds.v2') })).toBe('refunds by topic');
    expect(chosen({ topic: readTopicName('prod.shop.refunds.v2'), eventType: 'shop.order.paid' })).toBe(
      'paid-2 by event type',
    );
  });

  it('none, for dead letters and for what nobody describes', () => {
    expect(chosen({})).toBe('unchecked');
    expect(chosen({ eventType: 'constructor', reference: null })).toBe('unchecked');
    expect(chosen({ eventType: 'shop.order.paid', topic: readTopicName('prod.shop.refunds.v1.dlq') })).toBe(
      'unchecked',
    );
  });
});

describe('what an event says of its schema', () => {
  const header = (headers: Record<string, string>) => (name: string) => headers[name] ?? null;

  it('in its body before its headers', () => {
    const body = { schema_ref: 'registry://a/v1', schema_version: '1.2' };
    const headers = header({ ce_dataschema: 'https://b', schema_version: '3.0.0' });
    expect(statedSchema(body, headers)).toEqual({ reference: 'registry://a/v1', version: [1, 2] });
    expect(statedSchema({}, headers)).toEqual({ reference: 'https://b', version: [3, 0, 0] });
    expect(statedSchema({ payload_schema_version: { major: 2, minor: 1, patch: 0 } }, header({})).version).toEqual([
      2, 1, 0,
    ]);
  });

  it('by a header that is called a hash only where it holds an address', () => {
    expect(statedSchema({}, header({ 'x-schema-hash': 'registry://a/v1' })).reference).toBe('registry://a/v1');
    expect(statedSchema({}, header({ 'x-schema-hash': '9f86d081884c7d65' })).reference).toBeNull();
    expect(statedSchema([1], header({}))).toEqual({ reference: null, version: null });
  });
});

describe('an event', () => {
  const check = (facts: Partial<EventFacts>, body: Json) =>
    checkChosen(chooseSchemas({ ...FACTS, ...facts }, SET), { body, bytes: 100, exact: false });

  it('that nothing describes is unchecked, never ok', () => {
    expect(check({}, {}).status).toBe('unchecked');
    expect(check({ dialect: 'own' }, { id: 1 }).status).toBe('unchecked');
  });

  it('with a wrong envelope is a violation, even where nothing describes its payload', () => {
    expect(check({ dialect: 'own' }, {})).toMatchObject({
      status: 'violation',
      broken: [{ errors: [{ path: '/id' }] }],
    });
  });

  it('is held against its envelope and its payload', () => {
    const topic = readTopicName('shop.refunds');
    expect(check({ dialect: 'own', topic }, { id: 1, amount: 1 }).status).toBe('ok');
    const wrong = check({ dialect: 'own', topic }, {});
    expect(wrong.status === 'violation' && wrong.broken.map(({ schema }) => schema.document.id)).toEqual([
      'envelope',
      'refunds',
    ]);
  });
});

describe('files that cannot be used', () => {
  it('are named with their line and the reason, and the others go on', () => {
    const set = buildSchemaSet([
      { name: 'a.json', origin: 'operator', text: '{\n  "type": "object",\n  "required": [,]\n}' },
      {
        name: 'b.json',
        origin: 'operator',
        text: '{\n  "properties": {\n    "a": {\n      "pattern": "(?=a)"\n    }\n  }\n}',
      },
      { name: 'c.json', origin: 'operator', text: '{\n  "x-throughline": {\n    "event_type": ["A"]\n  }\n}' },
      { name: 'd.json', origin: 'operator', text: '{\n"type":\n"strng"}' },
      { name: 'e.json', origin: 'operator', text: '{"$ref": "b.json"}' },
      file('f.json', { event_types: ['A'] }),
    ]);
    expect(set.broken).toEqual([
      { kind: 'broken', name: 'a.json', line: 3, reason: '“,” stands where a value was expected' },
      {
        kind: 'broken',
        name: 'b.json',
        line: 4,
        reason: 'the pattern “(?=a)” looks ahead, which cannot be run in bounded time',
      },
      {
        kind: 'broken',
        name: 'c.json',
        line: 3,
        reason: 'x-throughline has no “event_type”; “event_types” may be meant',
      },
      { kind: 'broken', name: 'd.json', line: 2, reason: expect.stringContaining('“type” is one of array, boolean') },
      {
        kind: 'broken',
        name: 'e.json',
        line: 1,
        reason:
          'it refers to “b.json”, where line 4 says: the pattern “(?=a)” looks ahead, which cannot be run in bounded time',
      },
    ]);
    expect(set.byType.get('A')?.length).toBe(1);
  });

  it('may refer to other files, by name or address, and to nothing else', () => {
    const set = buildSchemaSet([
      file(
        'shop/a.json',
        {},
        { properties: { money: { $ref: 'b.json#/definitions/money' }, own: { $ref: 'https://x.example/c#m' } } },
      ),
      file('shop/b.json', {}, { definitions: { money: { type: 'integer' } } }),
      file('shop/c.json', {}, { $id: 'https://x.example/c', definitions: { m: { $id: '#m', type: 'string' } } }),
      file('shop/d.json', {}, { $ref: 'missing.json' }),
    ]);
    expect(set.broken).toMatchObject([
      { name: 'shop/d.json', reason: expect.stringContaining('which no known schema file is') },
    ]);
    expect(set.schemas.length).toBe(3);
  });
});
