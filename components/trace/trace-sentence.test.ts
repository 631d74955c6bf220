import { expect, test } from 'vitest';
import { traceSentence } from './trace-sentence.ts';

const events = [{ event_type: 'CODEGEN_COMPLETED' }, { event_type: 'PATTERN_FEEDBACK_RECORDED' }];
const trace = { status: 'done', flow: 'Code generation', next_cursor: null, events } as const;

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

test('with more events to load, no event is called the last', () => {
  expect(traceSentence({ ...trace, status: 'running', next_cursor: 'x' })).toEqual({
    words: 'Code generation: running',
    named: null,
  });
});
