import { expect, test } from 'vitest';
import { askedAlone } from './asked-alone.ts';
import { answerWith, pointAt, rowWith } from './latency.test-support.ts';

const asked = rowWith({ event_type: 'order.paid', series: [pointAt(1, 40)] });
const answer = answerWith([asked], { step_s: 15 });

test('the answer about a row is taken for that row, with its finer steps', () => {
  expect(askedAlone(answer, rowWith({ event_type: 'order.paid' }), 'event_type')).toEqual({ answer, row: asked });
});

test('it is not taken for the row that is chosen next, nor for one of another view', () => {
  expect(askedAlone(answer, rowWith({ event_type: 'order.shipped' }), 'event_type')).toBeNull();
  expect(askedAlone(answer, asked, 'service')).toBeNull();
  expect(askedAlone(answerWith([]), asked, 'event_type')).toBeNull();
  expect(askedAlone(null, asked, 'event_type')).toBeNull();
});
