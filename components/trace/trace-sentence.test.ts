import { expect, test } from 'vitest';
import { traceSentence } from './trace-sentence.ts';

const events = [{ event_type: 'CODEGEN_COMPLETED' }, { event_type: 'PATTERN_FEEDBACK_RECORDED' }];
const nothing = { stall: null, status_reason: null };
const trace = { status: 'done', flow: 'Code generation', next_cursor: null, events, ...nothing } as const;

test('a trace that is done does not take the last event for its end', () => {
  expect(traceSentence(trace)).toEqual({ words: 'Code generation: done', named: null });
  expect(traceSentence({ ...trace, flow: null })).toEqual({ words: 'Done', named: null });
});

test('a trace without an end says which event was seen last', () => {
  const named = 'PATTERN_FEEDBACK_RECORDED';
  expect(traceSentence({ ...trace, status: 'running' })).toEqual({
    words: 'Code generation: running, last seen',
    named,
  });
  expect(traceSentence({ ...trace, flow: null, status: 'unknown' })).toEqual({ words: 'No end seen after', named });
});

test('a stalled trace says what does not come, a failed one what failed', () => {
  const stall = { missing: { event_type: 'workflow-started' } };
  expect(traceSentence({ ...trace, status: 'stalled', stall })).toEqual({
    words: 'Code generation: stalled before',
    named: 'workflow-started',
  });
  expect(traceSentence({ ...trace, status: 'failed', status_reason: 'CODEGEN_FAILED' })).toEqual({
    words: 'Code generation: failed at',
    named: 'CODEGEN_FAILED',
  });
  expect(traceSentence({ ...trace, status: 'failed', status_reason: 'An event of it is a dead letter.' }).named).toBe(
    null,
  );
});

test('a trace that failed by a dead letter names the event that became one', () => {
  const failed = { ...trace, status: 'failed', status_reason: 'An event of it is a dead letter.' } as const;
  expect(traceSentence(failed, 'CODEGEN_REQUESTED')).toEqual({
    words: 'Code generation: failed at',
    named: 'CODEGEN_REQUESTED',
  });
  expect(traceSentence({ ...failed, status_reason: 'CODEGEN_FAILED' }, 'other').named).toBe('CODEGEN_FAILED');
});

test('with more events to load, no event is called the last', () => {
  expect(traceSentence({ ...trace, status: 'running', next_cursor: 'x' })).toEqual({
    words: 'Code generation: running',
    named: null,
  });
});
