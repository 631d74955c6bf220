import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { typesIn } from './field-types.ts';
import { fieldsOf, MOST_DEPTH, MOST_ITEMS, MOST_PATHS, MOST_VALUES } from './fields-of.ts';

function named(value: Json): Record<string, string> {
  return Object.fromEntries([...fieldsOf(value).types].map(([path, set]) => [path, typesIn(set).join(' ')]));
}

describe('the fields of an event', () => {
  it('have a path and a type', () => {
    expect(named({ id: 1, rate: 0.5, big: 2n ** 70n, name: 'a', ok: true, none: null })).toEqual({
      ...{ '': 'object', '/id': 'integer', '/rate': 'number', '/big': 'integer' },
      ...{ '/name': 'string', '/ok': 'boolean', '/none': 'null' },
    });
  });

  it('are one path for all items of a list', () => {
    expect(named({ items: [{ price: 1 }, { price: 1.5 }, 'none'] })).toEqual({
      ...{ '': 'object', '/items': 'array', '/items/*': 'string object', '/items/*/price': 'integer number' },
    });
  });

  it('are one path for all keys that are data', () => {
    const counts = {
      '17': { n: 1 },
      '9b2d1c4e-0000-5000-8000-000000000000': 1,
      'a@b.example': true,
      '2026-11-28': null,
    };
    expect(named({ counts, total: 4 })).toEqual({
      ...{ '': 'object', '/counts': 'object', '/counts/**': 'null boolean integer object', '/counts/**/n': 'integer' },
      '/total': 'integer',
    });
  });

  it('are one path for the keys of an object with very many', () => {
    const counts = Object.fromEntries(Array.from({ length: 65 }, (_, place) => [`${'k'.repeat(place + 1)}`, place]));
    expect(named({ counts })).toEqual({ '': 'object', '/counts': 'object', '/counts/**': 'integer' });
  });

  it('are written as pointers, whatever their names', () => {
    expect(named({ 'a/b': 1, 'c~d': 1, 'e f': 1, '*': 1, '**': 1, '': 1, 'nul\0': 1, '\ud800': 1 })).toEqual({
      ...{ '': 'object', '/a~1b': 'integer', '/c~0d': 'integer', '/e~3f': 'integer', '/~2': 'integer' },
      ...{ '/~2*': 'integer', '/': 'integer', '/nul\u2400': 'integer', '/\ufffd': 'integer' },
    });
  });
});

describe('bodies of strangers', () => {
  it('have a bounded number of paths, and what is beyond is counted', () => {
    const object = (size: number, child: () => Json): Json =>
      Object.fromEntries(Array.from({ length: size }, (_, place) => [`k${'x'.repeat(place)}`, child()]));
    const wide = object(60, () => object(60, () => 1));
    const fields = fieldsOf(wide);
    expect(fields.types.size).toBe(MOST_PATHS);
    expect(fields.beyond).toBeGreaterThan(60);
  });

  it('are looked at to a bounded depth', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as Json;
    const lists = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as Json;
    for (const value of [deep, lists]) {
      const { types, beyond } = fieldsOf(value);
      expect([types.size, beyond]).toEqual([MOST_DEPTH + 1, 1]);
    }
  });

  it('may have ten thousand keys, or items', () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, place) => [`key${place}`, place]));
    const { types, beyond } = fieldsOf(wide);
    expect([...types.keys()]).toEqual(['', '/**']);
    expect(beyond).toBe(10_000 - (MOST_VALUES - 1));
    expect(fieldsOf(Array(10_000).fill(0)).beyond).toBe(10_000 - MOST_ITEMS);
  });

  it('may have very long names, and those of every object', () => {
    expect(named(JSON.parse('{"__proto__":{"a":1},"constructor":"c","toString":null}') as Json)).toEqual({
      ...{ '': 'object', '/__proto__': 'object', '/__proto__/a': 'integer', '/constructor': 'string' },
      '/toString': 'null',
    });
    const long = fieldsOf({ ['x'.repeat(100_000)]: { a: 1 }, ['1'.repeat(100_000)]: 1, b: 1 });
    expect([[...long.types.keys()], long.beyond]).toEqual([['', '/b'], 2]);
  });
});
