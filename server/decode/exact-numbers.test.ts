import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExactly } from './exact-numbers.ts';

const read = (text: string) => decodeExactly(Buffer.from(text));

describe('decodeExactly', () => {
  it('keeps every digit of an integer beyond 2^53', () => {
    expect(read('{"id":12345678901234567890,"n":[-9007199254740993, 7]}')).toEqual({
      id: 12345678901234567890n,
      n: [-9007199254740993n, 7],
    });
  });

  it('leaves digits alone that are no integer, or in a text', () => {
    const text =
      '{"a":1.2345678901234567890123,"b":12345678901234567890e2,"12345678901234567890":"12345678901234567890"}';
    expect(read(text)).toEqual(JSON.parse(text));
    expect(read('"\\"12345678901234567890"')).toBe('"12345678901234567890');
  });

  it('answers undefined for what is no JSON, or lies too deep', () => {
    expect(read('{"a":012345678901234567890}')).toBeUndefined();
    expect(read('{"a":12345678901234567890')).toBeUndefined();
    expect(read('['.repeat(5000) + ']'.repeat(5000))).toBeUndefined();
  });

  it('reads a text that holds our own mark as it is', () => {
    expect(read('["\ue000", "\\uE001", 12345678901234567890]')).toEqual(['\ue000', '\ue001', 12345678901234567890n]);
  });

  it('answers what JSON.parse answers, but for the digits it rounds', () => {
    const large = fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n });
    fc.assert(
      fc.property(fc.json(), fc.array(large, { maxLength: 3 }), (json, ids) => {
        const text = `{"a":${json},"ids":[${ids.join(',')}]}`;
        const exact = read(text);
        expect(JSON.parse(JSON.stringify(exact, rounded))).toEqual(JSON.parse(text));
        expect(exact).toMatchObject({ ids });
      }),
    );
  });
});

/** A `bigint` as the number that `JSON.parse` makes of its digits. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
