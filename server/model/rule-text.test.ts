import { describe, expect, it } from 'vitest';
import { parseCondition, parseRule, printCondition, printRule } from './rule-text.ts';

describe('rule texts', () => {
  it.each([
    'body /payload/correlation_id',
    'body /*_data/correlation_id',
    'body /original_value > /correlation_id',
    'header x-correlation-id unless body has /correlation_id',
    'header x-correlation-id unless body has one of /correlation_id /payload/correlation_id',
    'header traceparent as w3c-trace-id',
    'body /original_topic as topic-type',
    'topic type',
    'topic type + body /action_type',
  ])('reads and prints the rule “%s”', (text) => {
    const rule = parseRule(text);
    expect(rule.ok && printRule(rule.value)).toBe(text);
  });

  it.each([
    'body has /event_id',
    'body has one of /a /b~1c',
    'body /event_type is CUSTOM',
    'header ce_id',
    'header one of ce_id ce_type',
    'header content-type is application/json; charset=utf-8',
    'header starts with __connect.errors.',
    'topic ^orders\\.(placed|paid)$',
    'topic ^(dev\\.|prod\\.)?(orders|bills|cards|parcels)\\.[a-z-]+\\.v[0-9]+$',
  ])('reads and prints the condition “%s”', (text) => {
    const condition = parseCondition(text);
    expect(condition.ok && printCondition(condition.value)).toBe(text);
  });

  it.each([
    ['', 'A rule is a text without white space around it.'],
    ['body', 'A pointer begins with “/”, which “” does not.'],
    ['body correlation_id', 'A pointer begins with “/”, which “correlation_id” does not.'],
    [`body ${'/a'.repeat(17)}`, 'A pointer has at most 16 segments.'],
    ['body /a~9', '“/a~9” has a “~” that stands for nothing.'],
    ['body /a as magic', '“magic” is no reader; they are '],
    ['header', '“header” needs the name of one header.'],
    ['key', 'A rule begins with “body /…”, “header …”, “topic type” or “topic service”, not “key”.'],
    [`header ${'x'.repeat(300)}`, 'A rule has at most 300 characters.'],
  ])('says what is wrong with “%s”', (text, problem) => {
    const rule = parseRule(text);
    expect(rule.ok ? null : rule.problem).toContain(problem);
  });

  it.each([
    ['topic (a+)+$', 'repeats a group that repeats or chooses itself'],
    ['topic (a|aa)*$', 'repeats a group that repeats or chooses itself'],
    ['topic ((a+))+$', 'repeats a group that repeats or chooses itself'],
    ['topic ^(a?){24}b$', 'repeats a group that repeats or chooses itself'],
    [`topic ^${'a?'.repeat(30)}b$`, 'chooses too often'],
    [`topic ^${'(a|a)'.repeat(30)}b$`, 'chooses too often'],
    ['topic (a)\\1', 'refers back to a group'],
    ['topic (?=a)', 'looks around or names a group'],
    ['topic .*.*.*.*x', 'repeats too often'],
    ['topic [', 'is no regular expression'],
  ])('refuses the pattern of “%s”', (text, problem) => {
    const condition = parseCondition(text);
    expect(condition.ok ? null : condition.problem).toContain(problem);
  });
});
