import { expect, test } from 'vitest';
import { rulesSentence, withinReach } from './rules-words.ts';

test('events of older rules are told apart by whether they can still be re-read', () => {
  expect(rulesSentence({ version: null, older: '0', older_unreachable: '0' })).toBe('No tap has used these rules yet.');
  expect(rulesSentence({ version: 7, older: '0', older_unreachable: '0' })).toMatch(/Every stored event/);
  expect(rulesSentence({ version: 7, older: '1', older_unreachable: '0' })).toBe(
    'Rules 7 are in force. 1 stored event was read by older ones; all of them can be re-read.',
  );
  expect(rulesSentence({ version: 7, older: '12408', older_unreachable: '312' })).toBe(
    'Rules 7 are in force. 12,408 stored events were read by older ones; 12,096 of them can be re-read, 312 stay so: the payload has expired.',
  );
  expect(rulesSentence({ version: 7, older: '5', older_unreachable: '5' })).toMatch(/stay so: the payload has expired/);
});

test('a job that lost events to retention meanwhile has none left, not fewer than none', () => {
  expect(withinReach({ version: 1, older: '4', older_unreachable: '9' })).toBe('0');
});
