import { expect, test } from 'vitest';
import { parseNamePattern, patternOfName } from './name-pattern.ts';

test('a pattern that could take long, or is none, is refused with the reason', () => {
  expect(parseNamePattern('(a+)+$')).toMatchObject({ ok: false });
  expect(parseNamePattern('(')).toMatchObject({ ok: false });
  expect(parseNamePattern('')).toMatchObject({ ok: false });
});

const means = (pattern: string | null, name: string) => {
  const read = parseNamePattern(pattern ?? '');
  return read.ok ? read.value(name) : read.problem;
};

test.each([
  'order.placed',
  'agent-actions/tool_call',
  '<img src=x onerror=alert(1)>',
  '(a+)+$',
  'a b',
  '^x|y$',
  '\\d\n[z]{2}?',
  '注文/確定 ✓ 𝒙',
])('%j is meant by a pattern that means no other name', (name) => {
  const pattern = patternOfName(name);
  expect(means(pattern, name)).toBe(true);
  for (const other of [`${name}x`, `x${name}`, name.slice(1), 'order-placed', 'aaa'])
    expect(means(pattern, other)).toBe(false);
});

test('a name that is too long for a pattern is meant by its beginning, nothing by nothing', () => {
  for (const name of ['/'.repeat(500), '*'.repeat(500), `/${'x'.repeat(600)}`]) {
    expect(means(patternOfName(name), name)).toBe(true);
    expect(means(patternOfName(name), name.slice(0, 50))).toBe(false);
  }
  expect(patternOfName('')).toBeNull();
});
