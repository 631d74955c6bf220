import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRepeatedKey } from './repeated-key.ts';

const has = (json: string, key = 'id') => hasRepeatedKey(Buffer.from(json), Buffer.from(JSON.stringify(key)));

describe('hasRepeatedKey', () => {
  it.each([
    ['{"id":1,"id":2}', true],
    ['{ "id" : 1, "b": {"id": 3}, "id" :2}', true],
    ['{"id":1,"b":{"id":2}}', false],
    ['{"id":1,"b":["id","id"]}', false],
    ['{"id":"id","b":"\\"id\\":"}', false],
    ['{"b":"id","c":"id"}', false],
    ['[{"id":1},{"id":2}]', false],
    ['{"b":1}', false],
    ['"id"', false],
  ])('%s: %s', (json, expected) => {
    expect(has(json)).toBe(expected);
  });

  it('agrees with a count of the entries an object is written from', () => {
    const key = fc.constantFrom('id', 'ide', 'x', '"', '\\');
    const value = fc.oneof(fc.string(), fc.integer(), fc.dictionary(key, fc.string()), fc.array(key));
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 6 }), key, (entries, asked) => {
        const json = `{${entries.map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`).join(' ,')}}`;
        expect(has(json, asked)).toBe(entries.filter(([name]) => name === asked).length > 1);
      }),
      { numRuns: 500 },
    );
  });
});
