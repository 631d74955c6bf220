import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DialectSpec } from '../model/dialect.ts';
import { BUILT_IN_DIALECTS } from './built-in/built-in-dialects.ts';
import { compileRules, RESOLVER_VERSION } from './compile-rules.ts';

const mine: DialectSpec = { name: 'mine', title: 'Mine', when: ['body has /a'], rules: { eventId: ['body /b'] } };

describe('compileRules', () => {
  it("puts the operator's dialects before the built-in ones", () => {
    const { specs } = compileRules([mine]);
    expect(specs[0]).toEqual({ spec: mine, from: 'throughline.yaml' });
    expect(specs.slice(1).map(({ spec }) => spec)).toEqual(BUILT_IN_DIALECTS);
  });

  it('has a digest that follows every rule, condition and name, and no title', () => {
    const digest = (spec: DialectSpec) => compileRules([spec]).digest;
    expect(digest({ ...mine, title: 'Other' })).toBe(digest(mine));
    expect(digest({ ...mine, name: 'other' })).not.toBe(digest(mine));
    expect(digest({ ...mine, when: [] })).not.toBe(digest(mine));
    expect(digest({ ...mine, rules: { causationId: ['body /b'] } })).not.toBe(digest(mine));
    expect(compileRules([]).digest).not.toBe(digest(mine));
  });

  it('refuses a text that is no rule, and more rules than can be told apart', () => {
    expect(() => compileRules([{ ...mine, when: ['body'] }])).toThrow(RangeError);
    const many = Array.from({ length: 33 }, (_, place) => `body /b${place}`);
    expect(() => compileRules([{ ...mine, rules: { eventId: many } }])).toThrow(RangeError);
  });

  it('changes its version with the built-in rules, since stored events say by which they were read', () => {
    const rules = JSON.stringify(BUILT_IN_DIALECTS.map(({ name, when, rules }) => [name, when, rules]));
    expect([RESOLVER_VERSION, hash('sha256', rules, 'hex').slice(0, 16)]).toEqual([4, '0a4a95e7550ae57d']);
  });
});
