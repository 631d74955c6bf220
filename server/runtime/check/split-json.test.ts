import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitJson } from './split-json.ts';

test('the parts of any JSON, put together, are that JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parts = splitJson(` ${text}\n`);
      if (typeof value !== 'object' || value === null) {
        expect(parts).toEqual([]);
        return;
      }
      expect(parts.map((part) => JSON.parse(part.text))).toEqual(Object.values(JSON.parse(text)));
      if (!Array.isArray(value)) expect(parts.map(({ key }) => key)).toEqual(Object.keys(JSON.parse(text)));
      for (const { text: part, at } of parts) expect(` ${text}\n`.slice(at, at + part.length)).toBe(part);
    }),
  );
});

test('a part is the text as it was written: every digit, repeated keys, escapes', () => {
  expect(splitJson('{"a" : 12345678901234567890 , "a":{"b\\"}":1,"b":1.10}, "\\u0061":"\\\\"}')).toEqual([
    { key: 'a', text: '12345678901234567890', at: 7 },
    { key: 'a', text: '{"b\\"}":1,"b":1.10}', at: 34 },
    { key: 'a', text: '"\\\\"', at: 64 },
  ]);
});

test('lists and objects that lie a million deep are one part', () => {
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  expect(splitJson(`[${deep}]`).map(({ text }) => text.length)).toEqual([2_000_000]);
});
