import { describe, expect, it } from 'vitest';
import { groupOf } from './violations.test-support.ts';
import { exportPath, groupsOf, readViolationsView, saysPath, violationsPath } from './violations-query.ts';

const VIEW = { shown: 'open', kind: 'all' } as const;
const RANGE = { fromMs: 0, toMs: 60_000 };

describe('groups of a view', () => {
  const groups = [
    groupOf({ key: 'new' }),
    groupOf({ key: 'back', state: 'back', service: 'billing' }),
    groupOf({ key: 'muted', state: 'muted' }),
    groupOf({ key: 'resolved', state: 'resolved' }),
    groupOf({ key: 'unknown', rule: 'unknown_reference', path: '' }),
  ];
  const keys = (...asked: [Parameters<typeof groupsOf>[1], string]) => groupsOf(groups, ...asked).map(({ key }) => key);

  it('are open, put aside, or all', () => {
    expect(keys(VIEW, '')).toEqual(['new', 'back', 'unknown']);
    expect(keys({ ...VIEW, shown: 'aside' }, '')).toEqual(['muted', 'resolved']);
    expect(keys({ ...VIEW, shown: 'all' }, '')).toHaveLength(5);
  });

  it('are told apart by whether the schema is known', () => {
    expect(keys({ ...VIEW, kind: 'unknown' }, '')).toEqual(['unknown']);
    expect(keys({ ...VIEW, kind: 'invalid' }, '')).toEqual(['new', 'back']);
  });

  it('hold every word of the filter in any case', () => {
    expect(keys(VIEW, 'BILLING sku')).toEqual(['back']);
    expect(keys(VIEW, 'billing nothing')).toEqual([]);
  });
});

describe('the address', () => {
  it('falls back where it asks for what there is not', () => {
    expect(readViolationsView(new URLSearchParams('show=x&kind=unknown'))).toEqual({ shown: 'open', kind: 'unknown' });
  });

  it('becomes a question to the API', () => {
    const times = 'from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A01%3A00.000Z';
    expect(violationsPath(RANGE)).toBe(`/api/v1/violations?${times}`);
    expect(violationsPath(RANGE, 'k', 'c&d')).toBe(`/api/v1/violations?${times}&group=k&cursor=c%26d`);
    expect(
      saysPath({ name: 'a/b c.json', title: null, version: null, origin: 'operator' }, { path: '/x', rule: 'type' }),
    ).toBe('/api/v1/schemas/a%2Fb%20c.json/says?path=%2Fx&rule=type');
    expect(exportPath(RANGE, 'csv')).toBe(`/api/v1/violations/export?format=csv&${times}`);
  });
});
