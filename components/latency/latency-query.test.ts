import { expect, test } from 'vitest';
import { rowWith } from './latency.test-support.ts';
import { isNamed, latencyApiQuery, readLatencyView, rowKey, rowTracesHref } from './latency-query.ts';

const RANGE = { fromMs: Date.UTC(2026, 2, 1, 11), toMs: Date.UTC(2026, 2, 1, 12) };
const viewOf = (query: string) => readLatencyView(new URLSearchParams(query));

test('what the URL does not say, or says wrongly, is hops by event type of any evidence', () => {
  const usual = { subject: 'hop', group: 'event_type', evidence: 'all' };
  expect(viewOf('')).toEqual(usual);
  expect(viewOf('subject=span&group=x&evidence=toString')).toEqual(usual);
  expect(viewOf('group=edge&evidence=explicit')).toEqual({ ...usual, group: 'edge', evidence: 'explicit' });
});

test('flows and replies have rows by event type only', () => {
  expect(viewOf('subject=reply&group=service').group).toBe('event_type');
});

test('one row is asked for by the names that make it', () => {
  const row = rowWith({ event_type: 'a&b', cause_type: 'c', service: 's' });
  const names = (group: string) => {
    const query = new URLSearchParams(latencyApiQuery(viewOf(`group=${group}`), RANGE, row));
    return [query.get('event_type'), query.get('cause_type'), query.get('service')];
  };
  expect(names('event_type')).toEqual(['a&b', null, null]);
  expect(names('edge')).toEqual(['a&b', 'c', null]);
  expect(names('service')).toEqual([null, null, 's']);
});

test('rows are told apart whatever their names hold', () => {
  const key = (cause: string, effect: string) => rowKey(rowWith({ cause_type: cause, event_type: effect }), 'edge');
  expect(key('a","b', 'c')).not.toBe(key('a', 'b","c'));
});

test('a service without a name is not asked for alone', () => {
  expect(isNamed(rowWith({ service: null }), 'service')).toBe(false);
  expect(isNamed(rowWith({ service: '' }), 'service')).toBe(false);
  expect(isNamed(rowWith(), 'event_type')).toBe(true);
});

test('traces of a row are of its type and the range shown', () => {
  expect(rowTracesHref(rowWith({ event_type: '<a>&' }), 'from=-6h&to=now', 12.7)).toBe(
    '/traces?from=-6h&to=now&event_type=%3Ca%3E%26&min_duration_ms=12',
  );
  expect(rowTracesHref(rowWith({ event_type: null, service: 'x' }), '')).toBe('/traces?service=x');
});
