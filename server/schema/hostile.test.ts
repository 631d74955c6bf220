import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { type CompiledSchema, compileSchema } from './compile-schema.ts';
import { type BrokenSchema, readSchemaFile } from './schema-document.ts';
import { type Verdict, validate } from './validate-value.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

function compileText(text: string): CompiledSchema | BrokenSchema {
  const document = readSchemaFile({ name: 'hostile.json', text, origin: 'registry' });
  return document.kind === 'broken' ? document : compileSchema(document, new Map());
}

function compile(schema: object): CompiledSchema | BrokenSchema {
  return compileText(JSON.stringify({ $schema: DRAFT, ...schema }));
}

function check(schema: object, body: Json, bytes = 1_000): Verdict {
  const compiled = compile(schema);
  if (compiled.kind === 'broken') throw new Error(compiled.reason);
  return validate(compiled, { body, bytes, exact: false });
}

function nested(depth: number, leaf: string, open = '{"a":', close = '}'): string {
  return open.repeat(depth) + leaf + close.repeat(depth);
}

/** `n` definitions, each of which tries the next one twice: 2^n steps for any value. */
function doubling(n: number): object {
  const definitions = Object.fromEntries(
    Array.from({ length: n }, (_, at) => {
      const next = { $ref: `#/$defs/d${at + 1}` };
      return [`d${at}`, { allOf: [next, next] }];
    }),
  );
  return { $ref: '#/$defs/d0', $defs: { ...definitions, [`d${n}`]: { type: 'object' } } };
}

const MANY = Array.from({ length: 20_000 }, (_, at) => at);

describe('schemas of strangers that are refused', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['a file that is too large', JSON.stringify({ title: 'x'.repeat(600_000) }), /more than 500,000 characters/],
    ['a file that nests too deep', nested(70_000, '1'), /deeper than 64/],
    ['lists that nest too deep', nested(100_000, '', '[', ']'), /deeper than 64/],
    ['more schemas than are taken', JSON.stringify({ allOf: MANY.slice(0, 5_000).map(() => ({})) }), /1,500 schemas/],
    [
      'more references than are taken',
      JSON.stringify({ allOf: MANY.slice(0, 1_500).map(() => ({ $ref: '#' })) }),
      /1,000 references/,
    ],
    [
      'more patterns than are taken',
      JSON.stringify({ allOf: MANY.slice(0, 600).map((at) => ({ pattern: `a${at}` })) }),
      /500 patterns/,
    ],
    ['a list of schemas that is none', '{"allOf": {"0": true}}', /a list of schemas/],
    ['a schema that is a number', '{"properties": {"a": 7}}', /an object, or true or false/],
    ['a type that nobody knows', '{"type": "strng"}', /“type” is one of/],
    ['a bound that is a text', '{"maximum": "7"}', /“maximum” cannot be "7"/],
    ['a draft that nobody knows', '{"$schema": "https://example.com/own"}', /drafts 4, 6, 7/],
    ['a file on the network', '{"$ref": "https://example.com/schema.json"}', /which no known schema file is/],
    ['a file of the machine', '{"$ref": "file:///etc/passwd"}', /which no known schema file is/],
    ['a reference into nothing', '{"$ref": "#/definitions/a"}', /where no schema is/],
    ['a reference into a value', '{"$ref": "#/const", "const": {"type": "object"}}', /where no schema is/],
    [
      'a reference to a table of names',
      `{"$schema": "${DRAFT}", "$ref": "#/properties", "properties": {"$async": true}}`,
      /where no schema is/,
    ],
    ['a reference to the prototype', '{"$ref": "#/__proto__"}', /where no schema is/],
    ['an address that is code', '{"$id": "constructor\\u0027];alert(1)//"}', /no address/],
    [
      'an anchor that is code',
      '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$anchor": "a\\u0022+alert(1)"}',
      /no anchor/,
    ],
    ['a property that is the prototype', '{"properties": {"__proto__": {"type": "number"}}}', /__proto__/],
    ['a required field without a name', '{"required": [""]}', /without a name/],
    ['a required prototype', '{"required": ["__proto__"]}', /__proto__/],
  ];

  it.each(refused)('%s', (_name, text, reason) => {
    const compiled = compileText(text);
    expect(compiled).toMatchObject({ kind: 'broken', reason: expect.stringMatching(reason) });
  });

  const patterns: readonly (readonly [string, RegExp])[] = [
    ['(?=a)b', /looks ahead/],
    ['a(?!b)', /looks ahead/],
    ['(?<=a)b', /looks behind/],
    ['(?<!a)b', /looks behind/],
    ['(a)\\1', /refers back/],
    ['(?<n>a)\\k<n>', /refers back/],
    ['(?i)a', /ECMA-262/],
    ['(a', /no regular expression/],
    ['[z-a]', /no regular expression/],
    ['(a{1000}){1000}', /2000 steps/],
    ['((((a{100}){100}){100}){100}){100}', /2000 steps/],
    [`(${'ab'.repeat(400)}){999}`, /2000 steps/],
    ['a'.repeat(5_000), /longer than 2000/],
  ];

  it.each(patterns)('the pattern %s', (pattern, reason) => {
    expect(compile({ pattern })).toMatchObject({ kind: 'broken', line: 1, reason: expect.stringMatching(reason) });
    expect(compile({ patternProperties: { [pattern]: true } })).toMatchObject({
      reason: expect.stringMatching(reason),
    });
  });
});

describe('schemas of strangers that are contained', () => {
  const evil = `${'a'.repeat(50_000)}!`;

  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(.*)*x',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a*)*(a*)*(a*)*b',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$',
  ])('the pattern %s, which takes a backtracking engine for ever, takes one step a character', (pattern) => {
    expect(check({ pattern }, evil, evil.length).kind).toBe('violation');
  });

  it('a pattern whose automaton grows without end gives up within the work of its body', () => {
    const text = Array.from({ length: 200_000 }, (_, at) => ((at * 7_919) % 13) % 2).join('');
    const allOf = Array.from({ length: 30 }, (_, at) => ({ pattern: `^[01]*1?[01]{${500 + at}}$` }));
    expect(check({ allOf }, text, text.length)).toEqual({ kind: 'gave up', reason: 'too much work' });
  });

  it('references that double at each step give up', () => {
    expect(check(doubling(12), {}).kind).toBe('ok');
    expect(check(doubling(60), {})).toEqual({ kind: 'gave up', reason: 'too much work' });
    expect(check(doubling(60), [])).toMatchObject({ kind: 'violation' });
  });

  it('choices that double at each step give up', () => {
    const defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => {
        const next = { $ref: `#/$defs/d${at + 1}` };
        return [`d${at}`, { not: { anyOf: [{ not: next }, { not: next }] } }];
      }),
    );
    expect(check({ $ref: '#/$defs/d0', $defs: { ...defs, d40: {} } }, 1)).toMatchObject({ kind: 'gave up' });
  });

  it('references in a circle give up', () => {
    expect(check({ $ref: '#' }, {}).kind).toBe('gave up');
    const circle = { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { allOf: [{ $ref: '#/$defs/a' }] } };
    expect(check({ $ref: '#/$defs/a', $defs: circle }, {}).kind).toBe('gave up');
    expect(check({ $dynamicRef: '#x', $defs: { a: { $dynamicAnchor: 'x', $dynamicRef: '#x' } } }, {}).kind).toBe(
      'gave up',
    );
  });

  it('a schema that refers to itself does not follow a body as deep as it goes', () => {
    const tree = { properties: { a: { $ref: '#' } }, type: 'object' };
    expect(check(tree, JSON.parse(nested(150, '{}')) as Json).kind).toBe('ok');
    expect(check(tree, JSON.parse(nested(50_000, '{}')) as Json, 300_000)).toEqual({
      kind: 'gave up',
      reason: 'too deep',
    });
  });

  it('a body that nests deeper than the stack is no error', () => {
    const deep = JSON.parse(nested(200_000, '1', '[', ']')) as Json;
    const again = JSON.parse(nested(200_000, '1', '[', ']')) as Json;
    for (const schema of [{ uniqueItems: true }, { const: 7 }, { enum: [2 ** 60] }, { items: { type: 'array' } }]) {
      const { kind } = check(schema, [deep, again], 1_000_000);
      expect(['ok', 'violation', 'gave up']).toContain(kind);
    }
  });

  it('unique items are found in proportion to their number', () => {
    const objects = MANY.map((at) => ({ id: at, name: 'x' }));
    expect(check({ uniqueItems: true }, objects, 600_000).kind).toBe('ok');
    expect(check({ uniqueItems: true }, [...objects, { name: 'x', id: 7 }], 600_000)).toMatchObject({
      kind: 'violation',
    });
  });

  it('rules that sweep over a large body again and again give up', () => {
    const times = Array.from({ length: 600 });
    const wide = Object.fromEntries(MANY.slice(0, 4_000).map((at) => [`k${at}`, at]));
    const bytes = 50_000;
    expect(check({ allOf: times.map((_, at) => ({ maxProperties: 30_000 + at })) }, wide, bytes).kind).toBe('gave up');
    expect(check({ allOf: times.map((_, at) => ({ maxLength: 300_000 + at })) }, evil.repeat(5), bytes).kind).toBe(
      'gave up',
    );
    expect(check({ allOf: times.map((_, at) => ({ items: { maximum: 30_000 + at } })) }, MANY, 110_000).kind).toBe(
      'gave up',
    );
    const required = MANY.slice(0, 4_000).map((at) => `k${at}`);
    expect(
      check(
        { items: { required } },
        MANY.map(() => wide),
        bytes,
      ).kind,
    ).toBe('gave up');
  }, 120_000);

  it('a body with more faults than anybody reads costs a bounded second pass', () => {
    const verdict = check({ items: { type: 'string' } }, MANY, 110_000);
    expect(verdict).toMatchObject({ kind: 'violation', complete: false });
    expect(verdict.kind === 'violation' && verdict.errors.length).toBeLessThanOrEqual(20);
    const few = check({ items: { type: 'string' } }, MANY.slice(0, 100), 500);
    expect(few.kind === 'violation' && few.errors.length).toBe(20);
    expect(few).toMatchObject({ complete: false });
  });

  it('the largest schemas that are taken are compiled', () => {
    const wide = (n: number, schema: unknown) => Object.fromEntries(MANY.slice(0, n).map((at) => [`p${at}`, schema]));
    const rich = { type: ['string', 'null'], minLength: 1, enum: ['a', 'b', 'c'], format: 'date-time' };
    const deep = MANY.slice(0, 25).reduce<object>((inner) => ({ properties: { a: inner }, required: ['a'] }), {});
    const catalogue: readonly object[] = [
      { properties: wide(1_450, rich) },
      { additionalProperties: false, properties: wide(1_450, true), required: Object.keys(wide(1_450, true)) },
      { oneOf: MANY.slice(0, 700).map((at) => ({ properties: { kind: { const: at } } })) },
      { unevaluatedProperties: false, allOf: MANY.slice(0, 700).map((at) => ({ properties: wide(1, { const: at }) })) },
      {
        properties: Object.fromEntries(MANY.slice(0, 700).map((at) => [`r${at}`, { $ref: '#/$defs/big' }])),
        $defs: { big: { properties: wide(700, rich) } },
      },
      { allOf: MANY.slice(0, 55).map(() => deep) },
      { enum: MANY.map(String) },
      {
        patternProperties: Object.fromEntries(MANY.slice(0, 450).map((at) => [`^a{1,8}b${at}$`, { type: 'string' }])),
      },
    ];
    for (const schema of catalogue) {
      const compiled = compile(schema);
      expect(compiled.kind === 'broken' ? compiled.reason : 'compiled').toBe('compiled');
      if (compiled.kind === 'compiled')
        expect(validate(compiled, { body: { p0: 7 }, bytes: 10, exact: false }).kind).not.toBe('');
    }
  }, 120_000);
});

describe('names of strangers', () => {
  const NAMES = [
    'constructor',
    'toString',
    'hasOwnProperty',
    '"];globalThis.owned=1;//',
    "'+(globalThis.owned=1)+'",
    `\`\${globalThis.owned=1}\``,
    '*/globalThis.owned=1;/*',
    '\u2028globalThis.owned=1',
    '</script>',
    '~0/1',
    'data',
    'throughline:work',
  ];

  it.each(NAMES)('%j is a name like any other', (name) => {
    const schema = {
      properties: { [name]: { type: 'string', enum: [name, 'b'], pattern: '.*' } },
      required: [name],
      dependentRequired: { [name]: [name] },
      additionalProperties: false,
      patternProperties: { '^x': { const: name } },
      'x-throughline': { means: name },
      [name]: name,
    };
    expect(check(schema, { [name]: name }).kind).toBe('ok');
    expect(check(schema, { [name]: 7, [`x${name}`]: name }).kind).toBe('violation');
    const missing = check(schema, {});
    expect(missing.kind === 'violation' && missing.errors.map(({ rule }) => rule)).toContain('required');
    expect('owned' in globalThis).toBe(false);
  });

  it('no key beside the keywords of JSON Schema does anything', () => {
    const schema = {
      $async: true,
      nullable: true,
      discriminator: { propertyName: 'a' },
      type: 'string',
      $data: { $ref: '1/a' },
    };
    expect(check(schema, 'text').kind).toBe('ok');
    expect(check(schema, null).kind).toBe('violation');
  });

  it('a body with the keys of every object is read by its own keys alone', () => {
    expect(check({ required: ['toString'] }, {}).kind).toBe('violation');
    expect(check({ properties: { constructor: { type: 'number' } } }, {}).kind).toBe('ok');
    const body = JSON.parse('{"__proto__": {"a": 1}}') as Json;
    expect(check({ required: ['a'] }, body).kind).toBe('violation');
    expect(check({ additionalProperties: false }, body).kind).toBe('violation');
  });
});
