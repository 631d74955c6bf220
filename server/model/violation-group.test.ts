import { describe, expect, it } from 'vitest';
import { foldedPath, groupFamilyKey, violationGroupKey } from './violation-group.ts';

describe('foldedPath', () => {
  it.each([
    ['', ''],
    ['/', '/'],
    ['/items/0', '/items/*'],
    ['/items/10/12/name', '/items/*/*/name'],
    ['/0/0', '/*/*'],
    ['/01/1x/x1/-1/1.5/ 1', '/01/1x/x1/-1/1.5/ 1'],
    ['/a~11/~01', '/a~11/~01'],
    ['/items/*/x', '/items/*/x'],
    [`/${'7'.repeat(400)}`, '/*'],
  ])('of %j is %j', (path, folded) => {
    expect(foldedPath(path)).toBe(folded);
    expect(foldedPath(folded)).toBe(folded);
  });
});

describe('keys', () => {
  it('tell groups by each of what makes them, and families by all but path and rule', () => {
    const names = { workspaceId: 1, eventType: 'a', service: 'b', schemaName: 'c', path: '/d', rule: 'e' };
    const others = [
      { ...names, workspaceId: 2 },
      { ...names, eventType: 'ab', service: '' },
      { ...names, service: null },
      { ...names, schemaName: null },
      { ...names, path: '/' },
      { ...names, rule: 'type' },
    ];
    expect(new Set([names, ...others].map(violationGroupKey)).size).toBe(7);
    expect(new Set([names, ...others].map(({ path: _, rule: __, ...family }) => groupFamilyKey(family))).size).toBe(5);
    expect(violationGroupKey(names)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });
});
