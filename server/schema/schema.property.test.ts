import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { editDistance } from '../model/nearest.ts';
import { compileSchema } from './compile-schema.ts';
import { isMultipleOf } from './exact-value.ts';
import { readJsonText } from './json-text.ts';
import { compilePattern } from './linear-pattern.ts';
import { nearMiss } from './near-miss.ts';
import { readSchemaFile } from './schema-document.ts';
import { buildSchemaSet } from './schema-set.ts';
import { shippedSchemas } from './schemas.test-support.ts';
import { SHIPPED_EVENTS } from './shipped-events.test-support.ts';
import { validate } from './validate-value.ts';

/** Of a machine that has much else to do. */
const SLOW_MS = 120_000;
const FILES = shippedSchemas();
const SET = buildSchemaSet(FILES);

/** Values of strangers: names that objects inherit, big numbers, and whatever JSON has. */
const anyJson = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, '', 0, -1, 1.5, 2 ** 60, 1e308, 9_007_199_254_740_993n, 'x'.repeat(300)),
    fc.string() as fc.Arbitrary<Json>,
    fc.double({ noNaN: true }) as fc.Arbitrary<Json>,
    fc.array(tie('json'), { maxLength: 4 }) as fc.Arbitrary<Json>,
    fc.dictionary(
      fc.oneof(fc.constantFrom('__proto__', 'constructor', 'payload', 'file_hash'), fc.string()),
      tie('json'),
      {
        maxKeys: 4,
      },
    ) as fc.Arbitrary<Json>,
  ),
})).json;

/** Puts `value` at the place that the numbers choose, going down from the root. */
function mutate(body: Json, choices: readonly number[], value: Json): Json {
  const [choice, ...rest] = choices;
  if (choice === undefined || typeof body !== 'object' || body === null) return value;
  const keys = Object.keys(body);
  const key = keys[choice % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const entries = Object.entries(body).map(([name, child]): [string, Json] => [
    name,
    name === key ? mutate(child, rest, value) : child,
  ]);
  return Array.isArray(body) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

describe('events of strangers', () => {
  it(
    'are right, wrong or undecided, and never an error',
    () => {
      const choices = fc.array(fc.nat(50), { maxLength: 5 });
      fc.assert(
        fc.property(fc.nat(), choices, anyJson, fc.boolean(), (which, where, value, exact) => {
          const schema = SET.schemas[which % SET.schemas.length];
          if (schema === undefined) return;
          const body = mutate(SHIPPED_EVENTS[schema.document.id] ?? null, where, value);
          const verdict = validate(schema, { body, bytes: 2_000, exact });
          if (verdict.kind !== 'violation') return;
          expect(verdict.errors.length).toBeGreaterThan(0);
          for (const { path, sentence, schemaPath } of verdict.errors) {
            expect(path === '' || path.startsWith('/')).toBe(true);
            expect(sentence.length).toBeLessThan(1_000);
            expect(schemaPath.startsWith('#/')).toBe(true);
          }
        }),
        { numRuns: 1_000 },
      );
    },
    SLOW_MS,
  );
});

describe('schemas of strangers', () => {
  const keyword = fc.constantFrom(
    ...`type enum const minimum maximum multipleOf minLength pattern format items prefixItems required properties not anyOf
    oneOf allOf if then $ref $defs $id $anchor $dynamicRef uniqueItems contains dependencies additionalProperties
    patternProperties unevaluatedProperties x-throughline`.split(/\s+/),
  );
  const part = fc.letrec<{ part: Json }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>('string', 'object', '#', '#/$defs/a', '^a+$', 7, 0.5, true, false, null, 'date-time', []),
      fc.dictionary(keyword, tie('part'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
      fc.array(tie('part'), { maxLength: 3 }) as fc.Arbitrary<Json>,
    ),
  })).part;

  it(
    'are compiled or named as broken, and never an error',
    () => {
      const draft = fc.constantFrom(
        'http://json-schema.org/draft-04/schema',
        'https://json-schema.org/draft/2020-12/schema',
      );
      fc.assert(
        fc.property(fc.dictionary(keyword, part, { maxKeys: 5 }), draft, anyJson, (schema, $schema, body) => {
          const document = readSchemaFile({
            name: 'a.json',
            text: JSON.stringify({ $schema, ...schema }),
            origin: 'registry',
          });
          const compiled = document.kind === 'broken' ? document : compileSchema(document, new Map());
          if (compiled.kind === 'broken') expect(compiled.line).toBe(1);
          else validate(compiled, { body, bytes: 100, exact: true });
        }),
        { numRuns: 1_000 },
      );
    },
    SLOW_MS,
  );

  it(
    'whose text is damaged are broken at the line of the damage',
    () => {
      const damage = fc.tuple(
        fc.nat(),
        fc.nat(10_000),
        fc.constantFrom('', '{', '}', '"', ',', ':', '\\', '\n', '\u0000', '[', '7'),
      );
      fc.assert(
        fc.property(damage, ([which, at, insert]) => {
          const { text } = FILES[which % FILES.length] ?? { text: '' };
          const place = at % text.length;
          const damaged = text.slice(0, place) + insert + text.slice(insert === '' ? place + 1 : place);
          const read = readJsonText(damaged);
          expect(read.kind === 'json').toBe(isJson(damaged));
          if (read.kind === 'broken') expect(read.line).toBeLessThanOrEqual(damaged.split('\n').length);
        }),
        { numRuns: 1_000 },
      );
    },
    SLOW_MS,
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('JSON text', () => {
  it(
    'is read as JSON.parse reads it',
    () => {
      fc.assert(
        fc.property(fc.json({ maxDepth: 5 }), (text) => {
          const read = readJsonText(text);
          expect(read.kind === 'json' && withoutBigInts(read.value)).toEqual(JSON.parse(text));
        }),
      );
    },
    SLOW_MS,
  );

  function withoutBigInts(value: Json): unknown {
    return JSON.parse(
      JSON.stringify(value, (_key, child: unknown) => (typeof child === 'bigint' ? Number(child) : child)),
    );
  }
});

describe('patterns', () => {
  const atom = fc.constantFrom(
    ...'a b é \\d \\w \\s \\S \\D . [ab] [^ab] [a-c\\d] [^\\s] [\\S] \\. \\/ \\u0061 \\x62 \\t \\n \\p{L} \\P{L} \\u{1F600} 😀 [😀-😂] (?:ab) (a|b) (?<n>a) ^ $ \\b'.split(
      ' ',
    ),
  );
  const pattern = fc
    .array(fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '*?')), {
      minLength: 1,
      maxLength: 5,
    })
    .map((pieces) => {
      let named = false;
      return pieces
        .map(([one, repeat]) => {
          const again = one.startsWith('(?<') && named;
          named ||= one.startsWith('(?<');
          return (again ? 'a' : one) + (/^(\^|\$|\\b)$/.test(one) ? '' : repeat);
        })
        .join('');
    });
  const text = fc.array(fc.constantFrom(...'a b c é 1 _ . - / \t \n \u2028 \u00a0 \ufeff 😀 😁 A'.split(' ')), {
    maxLength: 8,
  });

  it(
    'match what ECMA-262 says they match',
    () => {
      fc.assert(
        fc.property(pattern, text, (source, characters) => {
          const compiled = compilePattern(source);
          const value = characters.join('');
          expect([source, compiled.ok && compiled.engine.test(value)]).toEqual([
            source,
            new RegExp(source, 'u').test(value),
          ]);
        }),
        { numRuns: 1_000 },
      );
    },
    SLOW_MS,
  );
});

describe('small parts', () => {
  it(
    'a multiple is one by its decimal digits',
    () => {
      const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
      const divisor = fc.integer({ min: 1, max: 500 });
      fc.assert(
        fc.property(cents, divisor, fc.bigInt(), (count, by, big) => {
          expect(isMultipleOf(count / 100, 0.01)).toBe(true);
          expect(isMultipleOf(count, by)).toBe(count % by === 0);
          expect(isMultipleOf(big, by)).toBe(big % BigInt(by) === 0n);
        }),
      );
    },
    SLOW_MS,
  );

  it('a near miss is one of the keys, and near', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (wanted, keys) => {
        const near = nearMiss(wanted, keys);
        if (near === null) return;
        expect(keys).toContain(near);
        expect(near).not.toBe(wanted);
        expect(editDistance(near, wanted)).toBeLessThanOrEqual(Math.max(near.length, wanted.length));
      }),
    );
    expect(nearMiss('id', ['', '-', 'payload_id_x'])).toBeNull();
  });
});
