import { expect, test } from 'vitest';
import type { JobWire } from '@/server/model/job-wire.ts';
import { isActive, jobSentence, jobShare } from './job-words.ts';
import { otherSchemasSentence } from './other-schemas-words.ts';

const job: JobWire = {
  ...{ id: '1', kind: 're-resolve', state: 'running', requested_at: '', started_at: null, finished_at: null },
  ...{ done: '3200', total: '12096', changed: '41', message: null },
};

test('a job that holds events against the schemas in force says so, not that traces are settled', () => {
  const holding: JobWire = { ...job, kind: 're-validate' };
  expect(jobSentence(holding)).toBe('3,200 of 12,096 events held against the schemas in force, 41 changed.');
  expect(jobSentence({ ...holding, state: 'queued' })).toBe(
    'Holding stored events against the schemas in force waits for a tap to take it.',
  );
  expect(jobSentence({ ...holding, state: 'cancelled' })).toMatch(/What was held against them stays so\.$/);
});

test('events that were judged by other schemas are told apart by whether they can still be held against these', () => {
  expect(otherSchemasSentence({ events: '0', unreachable: '0' })).toBeNull();
  expect(otherSchemasSentence({ events: '1', unreachable: '0' })).toBe(
    '1 stored event was judged by other schemas than those in force; all of them can be held against these.',
  );
  expect(otherSchemasSentence({ events: '12408', unreachable: '312' })).toBe(
    '12,408 stored events were judged by other schemas than those in force; 12,096 of them can be held against these, 312 stay so: the payload has expired.',
  );
  expect(otherSchemasSentence({ events: '5', unreachable: '9' })).toBe(
    '5 stored events were judged by other schemas than those in force and stay so: the payload has expired.',
  );
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
