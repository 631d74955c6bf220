import { expect, test } from 'vitest';
import { isTopicRecordSubject, isTopicSubject, subjectsOf } from './registry-subject.ts';

test('the subjects of an event type are those that are told to be of its topic', () => {
  const [byTopic, byBoth, byRecord] = subjectsOf('orders', 'shop.Placed');
  expect([isTopicSubject(byTopic, 'orders'), isTopicRecordSubject(byBoth, 'orders')]).toEqual([true, true]);
  expect([isTopicSubject(byRecord, 'orders'), isTopicRecordSubject(byRecord, 'orders')]).toEqual([false, false]);
  expect(isTopicRecordSubject('orders-key', 'orders')).toBe(false);
  expect(isTopicRecordSubject('orders', 'orders')).toBe(false);
});
