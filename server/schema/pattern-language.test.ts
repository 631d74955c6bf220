import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Automaton, accepts, automatonOf, type Budget, differenceOf } from './pattern-language.ts';
import { ofLength, parsePattern } from './pattern-syntax.ts';

const enough = (): Budget => ({ left: 200_000 });

function automaton(source: string): Automaton {
  const pattern = parsePattern(source);
  const built = pattern === null ? null : automatonOf(pattern, enough());
  if (built === null) throw new Error(`not read: ${source}`);
  return built;
}

function difference(a: string, b: string) {
  return differenceOf([automaton(a)], automaton(b), enough());
}

describe('the language of a pattern', () => {
  it.each([
    ['^[a-f0-9]{64}$', '^[a-f0-9]{64,128}$', 'none'],
    ['^[a-f0-9]{64,128}$', '^[a-f0-9]{64}$', 'a'.repeat(65)],
    ['^a+$', '^a*$', 'none'],
    ['^a*$', '^a+$', ''],
    ['^(?:a|b)c$', '^[ab]c$|^d', 'none'],
    ['abc', 'b', 'none'],
    ['b', 'abc', 'b'],
    ['^v\\d+\\.\\d+\\.\\d+$', '^v\\d', 'none'],
    ['^v\\d+\\.\\d+$', '^v[1-9]', 'v0.0'],
    ['^.$', '^[\\s\\S]$', 'none'],
    ['^[^a]$', '^\\D$', '0'],
    ['^\\u{1F600}?$', '^(\\u{1F600})?$', 'none'],
  ])('of %s beyond %s is %s', (a, b, expected) => {
    const found = difference(a, b);
    expect(found.kind === 'example' ? found.text : found.kind).toBe(expected);
  });

  it('can be all of a length', () => {
    const short = automatonOf(ofLength(0, 3), enough());
    const word = automaton('^[a-z]{4,}$');
    if (short === null) throw new Error('not built');
    expect(differenceOf([short, word], null, enough())).toEqual({ kind: 'none' });
  });

  it.each([
    '(?=a)',
    '(a)\\1',
    '\\bword',
    '(?<name>a)',
    '[z-a]',
    'a{2,1}',
    '(',
    'a**',
    '\\-',
    'a^b',
    '(^a|b)',
    '[',
    '\\',
  ])('is not read of %s', (source) => {
    expect(parsePattern(source)).toBeNull();
  });

  it('is given up when it takes too much', () => {
    for (const bomb of [
      '(((a{100}){100}){100}){100}',
      '((((){500}){500}){500}){500}',
      '(a?){600}(a?){600}',
      '^(a|aa)+$',
    ]) {
      const pattern = parsePattern(bomb);
      const budget = enough();
      const built = pattern && automatonOf(pattern, budget);
      if (built) expect(accepts(built, `${'a'.repeat(5_000)}b`, { left: 100_000 })).not.toBe(true);
      expect(budget.left).toBeGreaterThan(-10_000);
    }
    const wide = automaton(`^(?:${'(?:a|b)*a(?:a|b){12}'})$`);
    expect(differenceOf([wide], automaton('^[ab]*$'), { left: 1_000 }).kind).toBe('unknown');
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\w',
    'a?',
    'b*',
    '[a-c]+',
    '(?:a|bc)',
    'b{2}',
    'a{1,2}',
    '(ab)?',
  ),
);
const source = fc
  .tuple(fc.boolean(), fc.array(piece, { maxLength: 4 }), fc.boolean())
  .map(([opens, parts, closes]) => `${opens ? '^' : ''}${parts.join('')}${closes ? '$' : ''}`);
const pattern = fc.oneof(
  source,
  fc.tuple(source, source).map(([a, b]) => `${a}|${b}`),
);
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '\n', 'é', '😀'), maxLength: 8 });

it('a language has the texts that the regular expression finds', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 5 }), (one, texts) => {
      const built = automaton(one);
      for (const each of texts) expect(accepts(built, each, enough())).toBe(new RegExp(one, 'u').test(each));
    }),
    { numRuns: 400, seed: 31 },
  );
});

it('a difference is none only where there is none, and its example is one', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(pattern, pattern, fc.array(text, { minLength: 10 }), (a, b, texts) => {
      const found = difference(a, b);
      kinds.add(found.kind);
      const [first, second] = [new RegExp(a, 'u'), new RegExp(b, 'u')];
      if (found.kind === 'example') expect([first.test(found.text), second.test(found.text)]).toEqual([true, false]);
      if (found.kind === 'none') for (const each of texts) expect(!first.test(each) || second.test(each)).toBe(true);
    }),
    { numRuns: 400, seed: 32 },
  );
  expect([...kinds].sort()).toEqual(['example', 'none']);
});
