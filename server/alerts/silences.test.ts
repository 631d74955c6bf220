import { expect, test } from 'vitest';
import type { MatcherWire } from '../model/alert-wire.ts';
import { isSilenced, matcherTrouble, matchesAll } from './silences.ts';

const matcher = (label: string, operator: MatcherWire['operator'], value: string): MatcherWire => ({
  label,
  operator,
  value,
});
const silence = (...matchers: MatcherWire[]) => ({
  id: '1',
  matchers,
  from: 100,
  until: 200,
  reason: 'r',
  author: 'a',
});
const LABELS = { alertname: 'Dead letters pile up', queue: 'orders.dlq', severity: 'critical' };

test('all matchers must fit, and patterns mean the whole value', () => {
  const holds = (...matchers: MatcherWire[]) => isSilenced(silence(...matchers), LABELS, 150);
  expect(holds(matcher('queue', '=', 'orders.dlq'))).toBe(true);
  expect(holds(matcher('queue', '=', 'orders.dlq'), matcher('severity', '=', 'info'))).toBe(false);
  expect(holds(matcher('queue', '=~', 'orders\\..*'))).toBe(true);
  expect(holds(matcher('queue', '=~', 'orders'))).toBe(false);
  expect(holds(matcher('queue', '!~', 'pay.*'), matcher('severity', '!=', 'info'))).toBe(true);
  expect(holds(matcher('absent', '=', ''))).toBe(true);
  expect(holds(matcher('__proto__', '!=', ''))).toBe(false);
});

test('it holds from its begin until just before its end', () => {
  const holdsAt = (now: number) => isSilenced(silence(matcher('queue', '=', 'orders.dlq')), LABELS, now);
  expect([99, 100, 199, 200].map(holdsAt)).toEqual([false, true, true, false]);
});

test('a matcher that is none, or could take long, is named', () => {
  expect(matcherTrouble(matcher('queue', '=~', '(a+)+'))).toContain('short time');
  expect(matcherTrouble(matcher('queue', '=~', '['))).toContain('no pattern');
  expect(matcherTrouble(matcher('no label', '=', ''))).toBe('"no label" is no name of a label');
  expect(matcherTrouble(matcher('queue', '=~', 'orders|pay'))).toBeNull();
});

test('what would silence everything is recognised', () => {
  expect(matchesAll([matcher('queue', '=~', '.*')])).toBe(true);
  expect(matchesAll([matcher('queue', '!=', 'x')])).toBe(true);
  expect(matchesAll([matcher('queue', '=~', '.+')])).toBe(false);
});

test('a pattern is read once, however many alerts it is held against', () => {
  let read = 0;
  const counted: MatcherWire = {
    ...{ label: 'queue', operator: '=~' },
    get value() {
      read += 1;
      return 'orders.*';
    },
  };
  const held = silence(counted);
  for (let at = 100; at < 200; at += 1) expect(isSilenced(held, LABELS, at)).toBe(true);
  expect(read).toBe(1);
});
