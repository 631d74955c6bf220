import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { MOST_SUMMARY_PATHS } from '../schema/field-summary.ts';
import { typeSetOf } from '../schema/field-types.ts';
import { fieldsOf, MOST_NAMES } from '../schema/fields-of.ts';
import { createFieldSample } from './field-sample.ts';

const KIND = { eventType: 'order.paid', service: 'shop' };
const HOUR_MS = 3_600_000;

describe('the sample that drift is learned from', () => {
  it('has all of the first forty events of an hour, then twenty for each doubling', () => {
    const clock = { ms: 0 };
    const sample = createFieldSample(() => clock.ms);
    const taken = (events: number) => {
      let count = 0;
      for (let n = 0; n < events; n += 1) if (sample(KIND, {}) !== null) count += 1;
      return count;
    };
    expect(taken(40)).toBe(40);
    expect(taken(40)).toBe(20);
    expect(taken(80)).toBe(20);
    expect(taken(1_280 - 160)).toBe(60);
    clock.ms = HOUR_MS;
    expect(taken(50)).toBe(45);
  });

  it('counts types and services apart, however their names run together', () => {
    const sample = createFieldSample(() => 0);
    const kinds = [
      { eventType: 'ab', service: 'c' },
      { eventType: 'b', service: 'ca' },
      { eventType: 'cab', service: null },
      { eventType: 'cab', service: '' },
    ];
    for (const kind of kinds) {
      for (let n = 0; n < 40; n += 1) expect(sample(kind, {})).not.toBeNull();
      expect(sample(kind, {})).toBeNull();
    }
  });

  it('says of an event exactly what it carries', () => {
    const json = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, true, 1, 2.5, 'text'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), tie('json'), { maxKeys: 4 }),
      ),
    })).json;
    fc.assert(
      fc.property(json, (body) => {
        const sampled = createFieldSample(() => 0)(KIND, body);
        const { types, beyond } = fieldsOf(body);
        expect(sampled).toEqual({ types: new Map(types), cut: beyond > 0 });
      }),
    );
  });

  it('takes the keys of an object that shows ever new ones as those of a map, and stays whole', () => {
    const sample = createFieldSample(() => 0);
    const event = (n: number) =>
      sample(KIND, { orders: { [`order ${String.fromCharCode(97 + n)}x`]: { paid: true } } });
    const names = Array.from({ length: 40 }, (_, n) => event(n));
    expect(names.every((each) => each?.cut === false)).toBe(true);
    for (let n = 40; n < 80 * 8; n += 1) event(n);
    const last = Array.from({ length: 400 }, (_, n) => event(1_000 + n)).find((each) => each !== null);
    expect(last?.types.get('/orders/**')).toBe(typeSetOf('object'));
    expect(last?.types.get('/orders/**/paid')).toBe(typeSetOf('boolean'));
    expect(last?.types.size).toBe(4);
  });

  it('holds a bounded number of paths, and says of an event with more that it was not looked at whole', () => {
    const sample = createFieldSample(() => 0);
    const paths = new Set<string>();
    let cut = 0;
    for (let n = 0; n < 40; n += 1) {
      const wide = Object.fromEntries(
        Array.from({ length: MOST_NAMES }, (_, key) => [`k${'abcdefgh'[key % 8]}${'ijklmnop'[key >> 3]}`, n]),
      );
      const sampled = sample(KIND, { [`part ${'abcdefghijklmnopqrstuvwxyz'[n % 26]}${n < 26 ? '' : '!'}`]: wide });
      if (sampled?.cut === true) cut += 1;
      for (const path of sampled?.types.keys() ?? []) paths.add(path);
    }
    expect(paths.size).toBe(MOST_SUMMARY_PATHS);
    expect(cut).toBeGreaterThan(20);
  });

  it('knows a bounded number of kinds in an hour, and takes no name of a megabyte', () => {
    const clock = { ms: 0 };
    const sample = createFieldSample(() => clock.ms);
    expect(sample({ eventType: 'x'.repeat(1_000_000), service: null }, {})).toBeNull();
    for (let n = 0; n < 2_000; n += 1) sample({ eventType: `t-${n}`, service: null }, {});
    expect(sample({ eventType: 'one too many', service: null }, {})).toBeNull();
    expect(sample({ eventType: 't-7', service: null }, {})).not.toBeNull();
    clock.ms = HOUR_MS;
    expect(sample({ eventType: 'one too many', service: null }, {})).not.toBeNull();
  });
});
