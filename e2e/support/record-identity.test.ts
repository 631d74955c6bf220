import { describe, expect, it } from 'vitest';
import { compareRecords, identityOf, type RecordIdentity } from './record-identity.ts';

const record: RecordIdentity = {
  topic: 'orders',
  n: 1,
  partition: 0,
  offset: 4n,
  key: Buffer.from('k'),
  headers: [{ name: Buffer.from('a'), value: Buffer.from('1') }],
  value: Buffer.from('v'),
};
const header = (name: string, value: string | null) => ({
  name: Buffer.from(name),
  value: value === null ? null : Buffer.from(value),
});

describe('identityOf', () => {
  it.each<[string, Partial<RecordIdentity>]>([
    ['topic', { topic: 'other' }],
    ['incarnation', { n: 2 }],
    ['partition', { partition: 1 }],
    ['offset', { offset: 5n }],
    ['key', { key: Buffer.from('x') }],
    ['absent key', { key: null }],
    ['empty key', { key: Buffer.alloc(0) }],
    ['value', { value: Buffer.from('x') }],
    ['absent value', { value: null }],
    ['header value', { headers: [header('a', '2')] }],
    ['absent header value', { headers: [header('a', null)] }],
    ['header order', { headers: [header('b', ''), header('a', '1')] }],
    ['repeated header', { headers: [header('a', '1'), header('a', '1')] }],
    ['bytes moved from value to key', { key: Buffer.from('kv'), value: Buffer.alloc(0) }],
  ])('tells another %s apart', (_what, change) => {
    expect(identityOf({ ...record, ...change })).not.toBe(identityOf(record));
  });
});

describe('compareRecords', () => {
  const [a, b, c] = ['a', 'b', 'c'];

  it('finds nothing between equal sets in any order', () => {
    expect(compareRecords([a, b, c], [c, a, b])).toEqual({ missing: [], foreign: [], double: [] });
  });

  it('finds one missing beside one double', () => {
    expect(compareRecords([a, b, c], [a, b, b])).toEqual({ missing: [c], foreign: [], double: [b] });
  });

  it('finds a record stored with other bytes', () => {
    expect(compareRecords([a, b], [a, c])).toEqual({ missing: [b], foreign: [c], double: [] });
  });
});
