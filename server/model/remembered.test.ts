import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('a text is worked out once, and anew once so many others came that it was let go', () => {
  const asked: string[] = [];
  const length = remembered((text: string) => {
    asked.push(text);
    return text.length;
  }, 2);
  expect(['a', 'bb', 'a', 'bb', 'ccc', 'bb', 'a'].map(length)).toEqual([1, 2, 1, 2, 3, 2, 1]);
  expect(asked).toEqual(['a', 'bb', 'ccc', 'a']);
});
