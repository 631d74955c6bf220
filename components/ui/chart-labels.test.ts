import { expect, test } from 'vitest';
import { spreadLabels } from './chart-labels.ts';

test('labels that would cover each other are moved apart, in their order', () => {
  expect(spreadLabels([100, 20, 102])).toEqual([100, 20, 113]);
  expect(spreadLabels([5, 5, 5])).toEqual([5, 18, 31]);
});

test('labels with room stay where their line ends', () => {
  expect(spreadLabels([10, 50])).toEqual([10, 50]);
  expect(spreadLabels([])).toEqual([]);
});
