import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { compileSchema } from './compile-schema.ts';
import type { SchemaError } from './describe-faults.ts';
import { readSchemaFile } from './schema-document.ts';
import { type Verdict, validate } from './validate-value.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

function check(schema: object | string, body: Json, exact = false): Verdict {
  const text = typeof schema === 'string' ? schema : JSON.stringify({ $schema: DRAFT, ...schema });
  const document = readSchemaFile({ name: 'test.json', text, origin: 'operator' });
  const compiled = document.kind === 'broken' ? document : compileSchema(document, new Map());
  if (compiled.kind === 'broken') throw new Error(compiled.reason);
  return validate(compiled, { body, bytes: 500, exact });
}

function errorsOf(schema: object, body: Json): readonly SchemaError[] {
  const verdict = check(schema, body);
  return verdict.kind === 'violation' ? verdict.errors : [];
}

function sentences(schema: object, body: Json): string[] {
  return errorsOf(schema, body).map(({ sentence }) => sentence);
}

describe('what is wrong, for a person', () => {
  it('says where, what was wanted and what was there', () => {
    const payload = {
      properties: {
        payload: {
          required: ['file_hash'],
          properties: { file_hash: { type: 'string', pattern: '^[a-fA-F0-9]{64,128}$' } },
        },
      },
    };
    expect(errorsOf(payload, { payload: { file_hash: 'blake3:0af3' } })).toEqual([
      {
        path: '/payload/file_hash',
        rule: 'pattern',
        schemaPath: '#/properties/payload/properties/file_hash/pattern',
        sentence: 'payload.file_hash must be 64–128 hex digits, was "blake3:0af3"',
        was: '"blake3:0af3"',
        nearMiss: null,
      },
    ]);
  });

  it.each([
    [{ type: ['string', 'null'] }, 7, 'the body must be a text or null, was 7'],
    [{ enum: ['a', 'b', 3] }, 'c', 'the body must be "a", "b" or 3, was "c"'],
    [
      { enum: Array.from({ length: 20 }, (_, at) => at) },
      'c',
      'the body must be one of 0, 1, 2, 3, 4, 5, 6, 7 or 12 more, was "c"',
    ],
    [{ const: { a: 1 } }, null, 'the body must be {"a":1}, was null'],
    [{ maximum: 1 }, 1.5, 'the body must be at most 1, was 1.5'],
    [{ exclusiveMinimum: 0 }, 0, 'the body must be more than 0, was 0'],
    [{ multipleOf: 0.01 }, 0.075, 'the body must be a multiple of 0.01, was 0.075'],
    [{ minLength: 1 }, '', 'the body must not be empty, was ""'],
    [{ maxItems: 1 }, [1, 2], 'the body must have at most 1 item, was [1,2]'],
    [{ uniqueItems: true }, [1, 1], 'the body must not hold the same item twice, was [1,1]'],
    [{ format: 'uuid' }, 'x', 'the body must be a UUID, was "x"'],
    [
      { pattern: '^a+b', 'x-throughline': { means: 'some a and a b' } },
      'c',
      'the body must be some a and a b, was "c"',
    ],
    [{ contains: { type: 'string' } }, [1], 'the body must hold at least 1 item of a certain kind, was [1]'],
    [{ properties: { a: false } }, { a: 1 }, 'a must not be there, was 1'],
    [{ propertyNames: { maxLength: 2 } }, { abc: 1 }, 'the name of abc must have at most 2 characters, was "abc"'],
    [{ items: { properties: { 'a b': { type: 'null' } } } }, [0, { 'a b': 1 }], '[1]["a b"] must be null, was 1'],
    [{ prefixItems: [true], items: false }, [1, 2], 'the body must have no more than 1 item, was [1,2]'],
  ] as const)('%j of %j', (schema, body, sentence) => {
    expect(sentences(schema, body as Json)[0]).toBe(sentence);
  });

  it('names a key that was probably meant', () => {
    const schema = {
      required: ['code_content', 'file_hash', 'timeout'],
      properties: { code_content: {}, file_hash: {} },
    };
    expect(
      errorsOf(schema, { code: 'x', fileHash: 'y', unrelated: 1 }).map(({ path, nearMiss }) => [path, nearMiss]),
    ).toEqual([
      ['/code_content', 'code'],
      ['/file_hash', 'fileHash'],
      ['/timeout', null],
    ]);
    expect(sentences(schema, { code: 'x' })[0]).toBe('code_content is missing; "code" is there and may be meant');
  });

  it('names the field that one too many was probably meant to be', () => {
    const schema = { additionalProperties: false, properties: { file_hash: {}, size: {} } };
    expect(
      errorsOf(schema, { filehash: 1, zzz: 1 }).map(({ path, nearMiss, sentence }) => [path, nearMiss, sentence]),
    ).toEqual([
      ['/filehash', 'file_hash', 'filehash is not in the schema; "file_hash" may be meant'],
      ['/zzz', null, 'zzz is not in the schema'],
    ]);
  });

  it('says of several forms the fault of the one that was meant, or that none fits', () => {
    const forms = {
      $defs: {
        b: {
          type: 'object',
          required: ['b'],
          properties: { b: { type: 'object', properties: { c: { type: 'number' } } } },
        },
      },
      oneOf: [{ type: 'string' }, { $ref: '#/$defs/b' }],
    };
    expect(sentences(forms, { b: { c: 'x' } })).toEqual(['b.c must be a number, was "x"']);
    expect(sentences(forms, 7)).toEqual(['the body fits none of the 2 forms it may have, was 7']);
    expect(sentences({ oneOf: [{}, { type: 'number' }] }, 7)).toEqual([
      'the body fits 2 of the forms it may have, and must fit only one, was 7',
    ]);
  });

  it('cuts what is long', () => {
    const [error] = errorsOf({ type: 'number' }, 'x'.repeat(10_000));
    expect(error?.was?.length).toBeLessThan(90);
    expect(error?.sentence.length).toBeLessThan(200);
  });

  it('says that the part which is described is not there', () => {
    const schema = { 'x-throughline': { at: '/payload' }, type: 'object' };
    expect(errorsOf(schema, { payLoad: {} })).toMatchObject([
      { path: '/payload', rule: 'required', was: null, nearMiss: 'payLoad' },
    ]);
    expect(check({ 'x-throughline': { at: ['/payload', ''] }, required: ['a'] }, { a: 1 }).kind).toBe('ok');
    expect(
      errorsOf({ 'x-throughline': { at: ['/payload', ''] }, required: ['a'] }, { a: 1, payload: {} }),
    ).toMatchObject([{ path: '/payload/a' }]);
  });
});

describe('numbers beyond 2^53', () => {
  it('are whole numbers, and keep to bounds, digit by digit', () => {
    const big = 9_007_199_254_740_993n;
    expect(check({ type: 'integer', minimum: 0 }, big, true).kind).toBe('ok');
    expect(check({ type: 'string' }, big, true)).toMatchObject({ errors: [{ was: '9007199254740993' }] });
    expect(check({ maximum: 10 }, { a: big }, true).kind).toBe('ok');
    expect(check({ properties: { a: { maximum: 10 } } }, { a: big }, true).kind).toBe('violation');
    const bound = `{"properties": {"a": {"maximum": 9007199254740993}}}`;
    expect(check(bound, { a: big }, true).kind).toBe('ok');
    expect(check(bound, { a: big + 1n }, true).kind).toBe('violation');
    expect(check(bound, { a: 10n ** 400n }, true).kind).toBe('violation');
    expect(check('{"maximum": 18446744073709551615}', 18_446_744_073_709_551_616n, true).kind).toBe('violation');
  });

  it('are multiples, the same, and told apart by their last digit', () => {
    const [even, odd] = [9_007_199_254_740_992n, 9_007_199_254_740_993n];
    expect(check({ items: { multipleOf: 2 } }, [even], true).kind).toBe('ok');
    expect(check({ items: { multipleOf: 2 } }, [odd], true).kind).toBe('violation');
    expect(check({ uniqueItems: true }, [even, odd], true).kind).toBe('ok');
    expect(check({ uniqueItems: true }, [odd, odd], true).kind).toBe('violation');
    const same = '{"properties": {"a": {"const": 9007199254740993}, "b": {"enum": [{"c": 9007199254740993}]}}}';
    expect(check(same, { a: odd, b: { c: odd } }, true).kind).toBe('ok');
    expect(check(same, { a: even }, true).kind).toBe('violation');
    expect(check(same, { b: { c: even } }, true).kind).toBe('violation');
  });

  it('are asked for digit by digit where rounding could decide, and only there', () => {
    const rounded = 2 ** 60;
    expect(check({ items: { multipleOf: 3 } }, [rounded])).toEqual({ kind: 'needs exact numbers' });
    expect(check({ uniqueItems: true }, [{ a: [rounded] }])).toEqual({ kind: 'needs exact numbers' });
    expect(check('{"maximum": 9007199254740993}', rounded)).toEqual({ kind: 'needs exact numbers' });
    expect(check({ items: { multipleOf: 3 } }, [9]).kind).toBe('ok');
    expect(check({ items: { maximum: 9 } }, [rounded]).kind).toBe('violation');
    expect(check({ type: 'integer' }, rounded).kind).toBe('ok');
  });

  it('fractions are multiples by their decimal digits', () => {
    expect(check({ multipleOf: 0.01 }, 0.07).kind).toBe('ok');
    expect(check({ multipleOf: 0.01 }, 19.99).kind).toBe('ok');
    expect(check({ multipleOf: 0.01 }, 19.999).kind).toBe('violation');
    expect(check({ multipleOf: 1e-8 }, 12_391_239_123).kind).toBe('ok');
  });
});
