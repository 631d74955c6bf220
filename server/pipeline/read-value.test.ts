import { expect, it } from 'vitest';
import { millis } from '../model/time.ts';
import { createReading } from './reading.ts';
import { resolveRecord } from './resolve-record.ts';

it('reads an id that is a number too large for JavaScript digit by digit', () => {
  const value = Buffer.from('{"correlation_id":12345678901234567890,"event_id":9007199254740993}');
  const record = {
    offset: 1n,
    key: null,
    headers: [],
    value,
    timestampMs: millis(0),
    timestampType: 'CreateTime',
  } as const;
  const { envelope } = resolveRecord(record, 'orders', createReading([]));
  expect(envelope).toMatchObject({ correlationId: '12345678901234567890', eventId: '9007199254740993' });
});
