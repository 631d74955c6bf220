import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pointer } from './pointer-text.ts';
import {
  type Condition,
  parseCondition,
  parseRule,
  printCondition,
  printRule,
  READER_NAMES,
  type Rule,
} from './rule-text.ts';

const key = fc
  .oneof(fc.string({ maxLength: 6 }), fc.constantFrom('*', '*a', '~', '/', 'a b', '~1', ''))
  .filter((one) => !/[^\S ]/.test(one));
const pointer: fc.Arbitrary<Pointer> = fc.array(
  fc.oneof(
    key.map((one) => ({ kind: 'key' as const, key: one })),
    key.filter((one) => one !== '').map((ending) => ({ kind: 'ending' as const, ending })),
  ),
  { minLength: 1, maxLength: 3 },
);
const name = fc.string({ minLength: 1, maxLength: 12 }).filter((one) => !/\s/.test(one));
const text = fc.stringMatching(/^[a-zA-Z0-9/+.]+( [a-z]+)?$/);

const rule: fc.Arbitrary<Rule> = fc.record({
  place: fc.oneof(
    fc.record({ from: fc.constant('body' as const), pointer, inner: fc.option(pointer) }),
    fc.record({ from: fc.constant('header' as const), name }),
    fc.record({ from: fc.constant('topic' as const), part: fc.constantFrom('type' as const, 'service' as const) }),
    fc.record({ from: fc.constant('topic and body' as const), pointer }),
  ),
  reader: fc.option(fc.constantFrom(...READER_NAMES)),
  unlessBodyHas: fc.array(pointer, { maxLength: 3 }),
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('body has' as const), oneOf: fc.array(pointer, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('body is' as const), pointer, text }),
  fc.record({ kind: fc.constant('header' as const), oneOf: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('header is' as const), name, text }),
  fc.record({ kind: fc.constant('header starts with' as const), prefix: name }),
  fc.record({ kind: fc.constant('topic' as const), pattern: fc.constantFrom('^orders\\.', 'a(b|c)?', '^x.*y$') }),
);

describe('rule texts', () => {
  it('a rule is read again as it was printed', () => {
    fc.assert(
      fc.property(rule, (one) => {
        const printed = printRule(one);
        fc.pre(printed.length <= 300);
        expect(parseRule(printed)).toEqual({ ok: true, value: one });
      }),
      { numRuns: 2000 },
    );
  });

  it('a condition is read again as it was printed', () => {
    fc.assert(
      fc.property(condition, (one) => {
        const printed = printCondition(one);
        fc.pre(printed.length <= 300);
        expect(parseCondition(printed)).toEqual({ ok: true, value: one });
      }),
      { numRuns: 2000 },
    );
  });

  it('no text makes them throw, and every problem is a sentence', () => {
    const words = fc.array(
      fc.constantFrom(
        'body',
        'header',
        'topic',
        'has',
        'is',
        'as',
        '>',
        'one',
        'of',
        'unless',
        '/a',
        '(',
        '*',
        '',
        '~',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          words.map((all) => all.join(' ')),
        ),
        (any) => {
          for (const read of [parseRule(any), parseCondition(any)])
            if (!read.ok) expect(read.problem).toMatch(/^.+\.$/s);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
