import { expect, test } from 'vitest';
import { apiQuery, filterText, parseFilterText, readTraceQuery } from './trace-query.ts';

test('the filter line is read into filters and written back', () => {
  const query = parseFilterText('359b22eb service:archon-mcp type:CODEGEN_REQUESTED status:done duration>1.5s');
  expect(query).toEqual({
    q: '359b22eb',
    service: 'archon-mcp',
    event_type: 'CODEGEN_REQUESTED',
    status: 'done',
    min_duration_ms: '1500',
  });
  expect(parseFilterText(filterText(query))).toEqual(query);
});

test('names that hold spaces, quotes and backslashes stay one filter', () => {
  for (const name of ['order desk', 'say "hi"', '"', 'C:\\shop floor', 'a\\', ' x', 'x:y "z" type:w']) {
    const query = { q: '359b', service: name, event_type: name, topic: name };
    expect(parseFilterText(filterText(query))).toEqual(query);
  }
  expect(parseFilterText('service:"order desk" 359b')).toEqual({ service: 'order desk', q: '359b' });
  expect(parseFilterText('type:"open')).toEqual({ event_type: '"open' });
});

test('what is no filter is an id, markup included', () => {
  expect(parseFilterText('<script>alert(1)</script> x:y')).toEqual({ q: '<script>alert(1)</script> x:y' });
});

test('the API is asked for the range, but an id is looked up at any time', () => {
  const range = { fromMs: Date.parse('2025-10-18T02:00:00Z'), toMs: Date.parse('2025-10-18T03:00:00Z') };
  expect(apiQuery({ service: 'a&b' }, range)).toBe(
    'service=a%26b&from=2025-10-18T02%3A00%3A00.000Z&to=2025-10-18T03%3A00%3A00.000Z&limit=50',
  );
  expect(apiQuery({ q: 'ab' }, range)).toBe('q=ab&limit=50');
});

test('empty filters of a URL are left out', () => {
  expect(readTraceQuery(new URLSearchParams('q=%20&service=x&other=1'))).toEqual({ service: 'x' });
});
