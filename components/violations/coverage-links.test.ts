import { expect, test } from 'vitest';
import { eventsHref, logHref } from './coverage-links.ts';

test('a count leads to its events in the same range, whatever the type is called', () => {
  expect(eventsHref('a&b=c', 'from=-6h&to=now')).toBe('/topics?from=-6h&to=now&tab=events&type=a%26b%3Dc&within=range');
  expect(logHref('<img>', '')).toBe('/violations?show=all&q=%3Cimg%3E');
});
