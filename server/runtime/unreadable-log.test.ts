import { expect, test } from 'vitest';
import { createUnreadableLog } from './unreadable-log.ts';

function logged() {
  const lines: string[] = [];
  const tell = createUnreadableLog((line) => lines.push(line));
  return { tell: (...topics: [string, string][]) => tell(topics.map(([topic, reason]) => ({ topic, reason }))), lines };
}

test('each trouble is said once, anew when its reason is another, and when it is over', () => {
  const { tell, lines } = logged();
  tell(['a', 'It is denied.'], ['b\n', 'It is denied.']);
  tell(['a', 'It is denied.'], ['b\n', 'No broker leads it.']);
  tell(['b\n', 'No broker leads it.']);
  expect(lines).toEqual([
    'Topic "a" is not read: It is denied.',
    'Topic "b\\n" is not read: It is denied.',
    'Topic "b\\n" is not read: No broker leads it.',
    'Topic "a" is no longer unreadable.',
  ]);
});

test('of very many the first are said, and how many more there are', () => {
  const { tell, lines } = logged();
  tell(...Array.from({ length: 1000 }, (_, index): [string, string] => [`t${index}`, 'It is denied.']));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('The same goes for 980 more topics; the page Topics has all.');
});
