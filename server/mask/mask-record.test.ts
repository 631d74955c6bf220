import { expect, it } from 'vitest';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { type MaskRule, maskRecord, NO_MASKING } from './mask-record.ts';

const record: SourceRecord = {
  offset: 7n,
  key: Buffer.from('k'),
  value: Buffer.from('{"card":"4111"}'),
  headers: [],
  timestampMs: millis(0),
  timestampType: 'CreateTime',
};

const append = (text: string): MaskRule => ({
  name: `append ${text}`,
  apply: (one) => ({ ...one, value: Buffer.concat([one.value ?? Buffer.alloc(0), Buffer.from(text)]) }),
});

it('hands a record on as it is while there are no rules', () => {
  expect(maskRecord(record, NO_MASKING)).toBe(record);
});

it('applies rules in their order, each to what the one before left', () => {
  const masked = maskRecord(record, { version: 2, rules: [append('a'), append('b')] });
  expect(masked.value?.toString()).toBe('{"card":"4111"}ab');
  expect(record.value?.toString()).toBe('{"card":"4111"}');
});
