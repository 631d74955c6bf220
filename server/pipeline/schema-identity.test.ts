import { expect, it } from 'vitest';
import { buildSchemaSet } from '../schema/schema-set.ts';
import { schemaSetDigest } from './schema-identity.ts';

const file = (name: string, said: object) => ({
  ...{ name, origin: 'operator' as const },
  text: JSON.stringify({ 'x-throughline': { event_types: ['order.paid'] }, ...said }),
});
const digestOf = (...files: ReturnType<typeof file>[]) => schemaSetDigest(buildSchemaSet(files));

it('a set of schemas has another digest when it says anything else, is found by anything else, or in another order', () => {
  const one = file('one.json', { type: 'object' });
  const two = file('two.json', { required: ['a'] });
  const all = [
    digestOf(),
    digestOf(one),
    digestOf(two),
    digestOf(one, two),
    digestOf(two, one),
    digestOf(file('one.json', { type: 'object', maxProperties: 9 })),
    digestOf(file('other.json', { type: 'object' })),
    digestOf(file('one.json', { type: 'object', $id: 'https://example.org/one' })),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(digestOf(one, two)).toBe(digestOf(file('one.json', { type: 'object' }), two));
  // What cannot be used checks nothing.
  expect(digestOf(one, { ...two, text: '{' })).toBe(digestOf(one));
});
