import { expect, test } from 'vitest';
import { eventApiPath, idFromSegments, idHref, traceHref } from './trace-path.ts';

const trace = (correlation_id: string, correlation_id_truncated = false) => ({
  correlation_id,
  correlation_id_truncated,
  trace_key: 'ab'.repeat(16),
});

test('an id survives its address, also with slashes, dots, percent signs and markup', () => {
  for (const id of ['359b22eb-f374', 'a/b/../c', '100%25', '<script>', 'a?b#c', '東京 1']) {
    const segments = traceHref(trace(id)).replace('/traces/', '').split('/');
    expect(segments).toHaveLength(1);
    expect(idFromSegments(segments)).toBe(id);
  }
});

test('an id that a browser would change goes by key', () => {
  for (const odd of ['..', '.', 'key:00', '\uD800', 'x'.repeat(300)])
    expect(traceHref(trace(odd))).toBe(`/traces/key:${'ab'.repeat(16)}`);
  expect(traceHref(trace('cut', true))).toContain('key:');
  expect(traceHref({ correlation_id: null, trace_key: 'ab' })).toBe('/traces/key:ab');
  expect(idHref('..')).toBeNull();
});

test('a lone percent sign in an address is read as itself', () => {
  expect(idFromSegments(['100%'])).toBe('100%');
});

test('a record id keeps its parts', () => {
  expect(eventApiPath('c/t~1/0/12')).toBe('/api/v1/events/c/t~1/0/12');
});
