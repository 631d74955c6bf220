import { expect, test } from 'vitest';
import { eventFilterText, eventsPath, parseEventFilters, readEventQuery, withEventQuery } from './event-query.ts';

const range = { fromMs: 0, toMs: 3_600_000 };
const params = new URLSearchParams('tab=undecodable&reason=not+json&topic=a&sel=x&from=-15m&to=now');

test('filters are read from the address and written back; the selection is let go', () => {
  const query = readEventQuery('undecodable', params);
  expect(query).toEqual({ group: 'undecodable', filters: { reason: 'not json', topic: 'a' }, inRange: false });
  const next = withEventQuery(params, { filters: { topic: 'a' }, inRange: true });
  expect(next).toBe('tab=undecodable&topic=a&from=-15m&to=now&within=range');
});

test('a reason that does not exist, or that every object has, is none', () => {
  for (const reason of ['nonsense', 'toString', '__proto__'])
    expect(readEventQuery('events', new URLSearchParams({ reason })).filters).toEqual({});
});

test('the API is asked by the clock that counts go by, in the range only where the address says so', () => {
  const query = readEventQuery('undecodable', params);
  expect(eventsPath(query, range)).toBe(
    '/api/v1/events?reason=not+json&topic=a&has=undecodable&clock=stored&limit=100',
  );
  expect(eventsPath({ group: 'events', filters: { dialect: 'none' }, inRange: true }, range)).toBe(
    '/api/v1/events?dialect=none&clock=stored&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T01%3A00%3A00.000Z&limit=100',
  );
  expect(eventsPath({ group: 'telemetry', filters: {}, inRange: false }, range)).toBe(
    '/api/v1/events?reason=telemetry&clock=stored&limit=100',
  );
});

test('the filter line is read into filters and written back; a word alone is a topic', () => {
  const filters = parseEventFilters('Type:order.created orders dialect:none x:y');
  expect(filters).toEqual({ type: 'order.created', topic: 'x:y', dialect: 'none' });
  expect(parseEventFilters(eventFilterText(filters))).toEqual(filters);
});
