import { expect, test } from 'vitest';
import type { JobWire } from '@/server/model/job-wire.ts';
import { isActive, jobSentence, jobShare, rulesSentence, withinReach } from './rules-words.ts';

const job: JobWire = {
  ...{ id: '1', kind: 're-resolve', state: 'running', requested_at: '', started_at: null, finished_at: null },
  ...{ done: '3200', total: '12096', changed: '41', message: null },
};

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

test('a job that settles traces again says that their number is an estimate until it is done', () => {
  const settling: JobWire = { ...job, kind: 're-settle' };
  expect(jobSentence(settling)).toBe(
    '3,200 of about 12,096 traces looked at, 41 settled again by the newest topology.',
  );
  expect(jobSentence({ ...settling, state: 'done', done: '1', total: '1' })).toMatch(/^Done: 1 of 1 trace looked at/);
  expect(jobSentence({ ...settling, state: 'cancelled' })).toMatch(/What was settled stays so\.$/);
});

test('a job says how far it is in 64-bit counts', () => {
  expect(jobSentence(job)).toBe('3,200 of 12,096 events re-read, 41 changed.');
  expect(jobShare(job)).toBeCloseTo(0.264, 3);
  expect(jobShare({ ...job, total: '0' })).toBe(null);
  expect(jobShare({ ...job, done: '9223372036854775807', total: '9223372036854775806' })).toBe(1);
  expect([isActive(job), isActive({ ...job, state: 'cancelled' })]).toEqual([true, false]);
});
