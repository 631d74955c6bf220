import { expect, test } from 'vitest';
import { alert, alerts, rule } from './alerts.test-support.ts';
import { alertMark, alertSubject, alertsVerdict, conditionWords, fires, rowsOf, valueWords } from './alerts-words.ts';

test('the verdict counts what fires, and what of it nobody has taken', () => {
  const taken = alert({ acknowledged: { at: '', author: 'a', note: null } });
  expect(alertsVerdict(alerts([alert(), taken, alert({ silenced_by: ['s'] })])).sentence).toBe(
    '3 alerts fire, 1 has nobody',
  );
  expect(alertsVerdict(alerts([taken])).sentence).toBe('1 alert fires, all are taken');
});

test('an alert that cannot be told any more and fired before still counts as firing', () => {
  const lost = alert({ state: 'no data', held: 'firing' });
  expect(fires(lost)).toBe(true);
  expect(alertsVerdict(alerts([lost]))).toEqual({ mark: 'dead', sentence: '1 alert fires, 1 has nobody' });
  expect(fires(alert({ state: 'error', held: 'resolved' }))).toBe(false);
});

test('without data nothing is called fine', () => {
  const lost = alert({ state: 'no data', held: 'inactive' });
  expect(alertsVerdict(alerts([lost], { 'no data': 1 }))).toEqual({
    mark: 'unknown',
    sentence: 'No alert fires, 1 alert cannot be told',
  });
  expect(alertsVerdict({ ...alerts([]), evaluated_at: null }).mark).toBe('unknown');
  expect(alertsVerdict(alerts([]))).toEqual({ mark: 'flowing', sentence: 'No alert fires' });
  expect(alertMark(lost)).toBe('unknown');
});

test('values and conditions are written in the unit of their rule', () => {
  expect([
    valueWords(1234, 'records'),
    valueWords(412, 'ms'),
    valueWords(0.031, 'share'),
    valueWords(0.4, 'per minute'),
    valueWords(null, 'ms'),
  ]).toEqual(['1,234', '412 ms', '3.1 %', '0.40/min', '–']);
  const written = { name: 'a', watch: 'dead_letter_depth', queue: '*.dlq', for: '5m' } as const;
  expect(conditionWords('dead_letter_depth', { value: 100, unit: 'records' }, written)).toBe(
    '*.dlq depth > 100 for 5m',
  );
  const day = { value: 86_400_000, unit: 'ms' } as const;
  expect(conditionWords('dead_letter_age', day, { name: 'c', watch: 'dead_letter_age' })).toBe('oldest > 24 h');
  expect(conditionWords('latency', { value: null, unit: 'ms' }, { name: 'b', watch: 'latency' })).toBe(
    'p95 > its objective',
  );
});

test('rules without an alert stand below alerts, and what another rule shadows stands nowhere', () => {
  const rows = rowsOf(
    [alert({ rule: 'b' })],
    [rule({ name: 'c' }), rule({ name: 'a' }), rule({ name: 'b' }), rule({ name: 'd', shadowed: true })],
  );
  expect(rows.map(({ key, rule: of }) => [key, of?.name ?? null])).toEqual([
    ['0123456789abcdef', 'b'],
    ['rule a', 'a'],
    ['rule c', 'c'],
  ]);
});

test('an alert is told from others of its rule by what it was found at', () => {
  expect(alertSubject({ labels: { alertname: 'x', severity: 'y', group: 'g', topic: 't' } })).toBe('g · t');
  expect(alertSubject({ labels: { alertname: 'x' } })).toBe('');
});
