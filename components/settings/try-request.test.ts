import { expect, test } from 'vitest';
import { NOTHING_PASTED, tryRequest } from './try-request.ts';

test('headers are read line by line: the first colon ends the name, a name alone has no value', () => {
  const headers = 'traceparent: 00-1\r\nurl:http://x:80/\n\nce_id\nempty:';
  expect(tryRequest({ ...NOTHING_PASTED, headers })).toMatchObject({
    headers: [
      { name: 'traceparent', value: '00-1' },
      { name: 'url', value: 'http://x:80/' },
      { name: 'ce_id', value: null },
      { name: 'empty', value: '' },
    ],
  });
});

test('what is left empty is not there: no key, and no value is a tombstone', () => {
  expect(tryRequest({ ...NOTHING_PASTED, topic: ' orders ' })).toEqual({
    ...{ topic: 'orders', key: null, headers: [], value: null, encoding: 'text' },
  });
  expect(tryRequest({ ...NOTHING_PASTED, value: ' {} ' })).toMatchObject({ value: ' {} ' });
});
