import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  PAYLOAD_LIMIT,
  PAYLOADS_LIMIT,
  PayloadBudget,
  toHeaders,
  toKeyPayload,
  toPayload,
  toValuePayload,
} from './payload.ts';

const show = (value: Buffer) => toPayload(value, new PayloadBudget());

test('a value is shown verbatim: numbers beyond 2^53, repeated keys and white space stay', () => {
  const text = '{ "n": 12345678901234567890, "n": 1.0 }\n';
  expect(show(Buffer.from(text))).toEqual({ encoding: 'json', text, bytes: text.length, truncated: false });
});

test('text that is no JSON is text, bytes that are no UTF-8 are base64', () => {
  expect(show(Buffer.from('{"a":')).encoding).toBe('text');
  expect(show(Buffer.from('\uFEFF{}'))).toMatchObject({ encoding: 'text', text: '\uFEFF{}' });
  expect(show(Buffer.from([0xff, 0]))).toMatchObject({ encoding: 'base64', text: '/wA=' });
  expect(show(Buffer.alloc(0))).toMatchObject({ encoding: 'text', text: '', bytes: 0 });
});

test('a text is called JSON exactly where JSON.parse takes it', () => {
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const near = fc.stringMatching(/^[ \n-]{0,2}[0-9.eE+-]{1,6}[ }]?$|^ ?(true|null|nul|falsey|"a"|"a|\[\]|\{\}x)\s?$/);
  fc.assert(
    fc.property(fc.oneof(fc.json(), near, fc.string(), fc.uuid()), (text) => {
      fc.pre(!/\p{Cc}(?<![\n\t\r])/u.test(text));
      expect(show(Buffer.from(text)).encoding === 'json').toBe(parses(text));
    }),
  );
});

test('a long value is cut between characters', () => {
  for (const start of ['', 'a', 'ab', 'abc']) {
    const value = Buffer.from(start + '😀'.repeat(PAYLOAD_LIMIT / 2));
    const payload = show(value);
    expect(payload).toMatchObject({ encoding: 'text', truncated: true, bytes: value.length });
    expect(payload.text).not.toContain('\uFFFD');
    expect(payload.text.length).toBeGreaterThan(PAYLOAD_LIMIT / 2 - 8);
  }
});

test('all values of an answer share one budget', () => {
  const budget = new PayloadBudget();
  const value = Buffer.alloc(PAYLOAD_LIMIT, 'x');
  const shown = Array.from({ length: 80 }, () => toPayload(value, budget).text.length);
  expect(shown.reduce((sum, length) => sum + length, 0)).toBe(PAYLOADS_LIMIT);
  expect(toHeaders([{ name: Buffer.from('__proto__'), value }], budget)).toEqual([
    { name: '__proto__', value: { encoding: 'text', text: '', bytes: value.length, truncated: true } },
  ]);
});

test('a key of 16 bytes that are no text is a UUID too; one of 16 letters is not', () => {
  const bytes = Buffer.from('de6ced0a4619538e8ca64828c25cf83e', 'hex');
  const uuid = 'de6ced0a-4619-538e-8ca6-4828c25cf83e';
  expect(toKeyPayload(bytes, new PayloadBudget())).toMatchObject({ encoding: 'base64', uuid });
  expect(toKeyPayload(Buffer.from('sixteen letters!'), new PayloadBudget())).not.toHaveProperty('uuid');
  // Valid UTF-8 by chance, and no text for its control characters.
  expect(toKeyPayload(Buffer.alloc(16, 1), new PayloadBudget()).uuid).toBe('01010101-0101-0101-0101-010101010101');
});

test('a value that a schema reads shows what it says beside its bytes; plain JSON stands for itself', () => {
  const bytes = Buffer.from([0, 0, 0, 0, 7, 2]);
  const decoded = { kind: 'value', format: 'avro', value: { n: 2n ** 60n }, schemaId: 7 } as const;
  expect(toValuePayload(bytes, { decoded, registry: 'http://r' }, new PayloadBudget())).toEqual({
    ...{ encoding: 'base64', text: bytes.toString('base64'), bytes: 6, truncated: false },
    decoded: {
      ...{ format: 'avro', text: '{"n":1152921504606846976}', truncated: false },
      schema: { registry: 'http://r', id: '7' },
    },
  });
  const json = { kind: 'value', format: 'json', value: 1, schemaId: null } as const;
  expect(toValuePayload(Buffer.from('1'), { decoded: json, registry: null }, new PayloadBudget())).not.toHaveProperty(
    'decoded',
  );
});
