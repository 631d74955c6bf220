import { describe, expect, it } from 'vitest';
import { groupOf, listOf } from './violations.test-support.ts';
import { isOfGroup, pathWords, reportOf, ruleWords, violationsVerdict, worstSentence } from './violations-words.ts';

describe('the verdict', () => {
  it('counts the events of open groups, and says what is new and what is back', () => {
    const list = listOf([
      groupOf({ count: 47 }),
      groupOf({ count: 2, state: 'back' }),
      groupOf({ count: 1, state: 'acknowledged' }),
      groupOf({ count: 900, state: 'muted' }),
    ]);
    expect(violationsVerdict(list)).toEqual({
      mark: 'violating',
      sentence: '50 violations in 3 groups, 1 new, 1 back again',
    });
  });

  it('prefers the version of a schema with which most of them began', () => {
    const since = { schema_since: '2026-03-01T11:00:00.000000Z' };
    const v3 = { name: 'order.json', title: null, version: '3', origin: 'operator' } as const;
    const began = [
      groupOf({ count: 40, ...since }),
      groupOf({ count: 7, ...since }),
      groupOf({ count: 9, schema: v3, ...since }),
    ];
    expect(violationsVerdict(listOf([...began, groupOf({ count: 5 })])).sentence).toBe(
      '61 violations in 4 groups, 47 of them since order v2',
    );
    expect(violationsVerdict(listOf([groupOf(since)])).sentence).toBe('3 violations in 1 group, all since order v2');
    expect(violationsVerdict(listOf([groupOf(), groupOf({ ...since, state: 'muted' })])).sentence).not.toContain(
      'since',
    );
  });

  it('never calls right what was not checked', () => {
    expect(violationsVerdict(listOf([], { unchecked: '12' })).mark).toBe('unknown');
    expect(violationsVerdict(listOf([], { ok: '1200', unchecked: '1' }))).toEqual({
      mark: 'flowing',
      sentence: 'All 1,200 checked events follow their schema',
    });
  });

  it('says that what is left was put aside', () => {
    const list = listOf([groupOf({ state: 'resolved' })], { ok: '5', violation: '1' });
    expect(violationsVerdict(list).sentence).toBe('Nothing new: 1 group is muted or resolved');
  });
});

describe('a group in words', () => {
  it('says who breaks what, and how often', () => {
    expect(worstSentence(groupOf())).toBe('shop breaks order v2: `payload.sku` is missing: 3.1 % of its events');
    expect(worstSentence(groupOf({ service: null, share: null, rule: 'unknown_reference' }))).toBe(
      'A service that is not named names a schema that nobody gave us: 3 events',
    );
  });

  it('names rules it knows and those it does not', () => {
    expect(ruleWords('required')).toBe('is required');
    expect(ruleWords('contains')).toBe('breaks contains');
    expect(ruleWords('constructor')).toBe('breaks constructor');
  });

  it('is what an error is about, whichever place of a list it is at', () => {
    const group = { path: '/a/*/b', rule: 'type' };
    const of = (path: string, rule = 'type') => isOfGroup({ path, rule }, group);
    expect([of('/a/*/b'), of('/a/17/b')]).toEqual([true, true]);
    expect([of('/a/x/b'), of('/a/1/2/b'), of('/a/1'), of('/a/1/b', 'enum')]).toEqual([false, false, false, false]);
  });

  it('has a word for the root', () => {
    expect(pathWords({ path: '', rule: 'type' })).toBe('the event');
    expect(pathWords({ path: '*', rule: 'more_paths' })).toBe('further places');
  });
});

describe('the report for a producer', () => {
  it('holds names, rule and records, and no value', () => {
    const report = reportOf(groupOf({ sentence: '`payload.sku` was "secret"' }), ['c/orders~1/0/7'], 'http://here/x');
    expect(report).toContain('## `order.placed`: `/payload/sku` is required');
    expect(report).toContain('- `c/orders~1/0/7`');
    expect(report).not.toContain('secret');
  });

  it('says where the rule stands, and what changed there', () => {
    const schema = { name: 'order-v2.json', title: null, version: '2', origin: 'operator' } as const;
    const change = { breaks: 'backward', may_break: 'none' } as const;
    const report = reportOf(groupOf(), [], 'http://here/x', {
      ...{ schema, more_clauses: false },
      clauses: [
        {
          ...{ schema, pointer: '/required', line: 11 },
          lines: [
            { depth: 0, text: '{', is_rule: false },
            { depth: 1, text: '"required": ["sku"]', is_rule: true },
          ],
        },
      ],
      before: {
        ...{ schema: { ...schema, name: 'order-v1.json', version: '1' }, was: null, is: '["sku"]' },
        ...{ backward: 'no', forward: 'yes', more_changes: false, other_part: false },
        changes: [
          { path: '/sku', ...change, sentence: 'The field [sku] is required.', is_here: true },
          { path: '/price', ...change, sentence: 'Elsewhere.', is_here: false },
        ],
      },
    });
    expect(report).toContain('- The schema says, in `order-v2.json:11` at `#/required`: `"required": ["sku"]`');
    expect(report).toContain('- Since `order-v1 v1`: The field \\[sku\\] is required.');
    expect(report).not.toContain('Elsewhere');
  });

  it('lets no text of a stranger become markup', () => {
    const report = reportOf(
      groupOf({
        event_type: 'a`](http://evil.example)\n# x',
        schema: { name: 's', title: '<img src=x>[y](z)', version: null, origin: 'operator' },
      }),
      [],
      'http://here/',
    );
    expect(report.split('\n')[0]).toBe('## `` a`](http://evil.example) # x ``: `/payload/sku` is required');
    expect(report).toContain('\\<img src=x\\>\\[y\\](z)');
  });
});
