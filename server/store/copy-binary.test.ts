import { expect, test } from 'vitest';
import { micros } from '../model/time.ts';
import { CopyBinary } from './copy-binary.ts';
import { UnstorableValueError } from './sql-state.ts';

/** The bytes between signature and trailer. */
function body(write: (copy: CopyBinary) => void): string {
  const copy = new CopyBinary();
  write(copy);
  const all = Buffer.concat(copy.finish());
  expect(all.subarray(0, 19).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0');
  expect(all.subarray(-2).toString('hex')).toBe('ffff');
  return all.subarray(19, -2).toString('hex');
}

test('numbers, flags and nulls are a length and big-endian bytes', () => {
  expect(body((copy) => copy.row(2).int2(-2).null())).toBe('0002' + '00000002fffe' + 'ffffffff');
  expect(body((copy) => copy.row(2).int4(258).int8(-1n))).toBe(
    '0002' + '0000000400000102' + '00000008ffffffffffffffff',
  );
  expect(body((copy) => copy.row(2).bool(true).bool(false))).toBe('0002' + '0000000101' + '0000000100');
});

test('days and times count from 2000', () => {
  expect(body((copy) => copy.row(1).date(10_958))).toBe('0001' + '0000000400000001');
  expect(body((copy) => copy.row(1).timestamptz(micros(946_684_800_000_001)))).toBe(
    '0001' + '000000080000000000000001',
  );
});

test('a uuid is sixteen bytes, a list of them a one-dimensional array', () => {
  const uuid = '00112233-4455-6677-8899-aabbccddeeff';
  expect(body((copy) => copy.row(1).uuid(uuid))).toBe(`0001${'00000010'}00112233445566778899aabbccddeeff`);
  const header = '00000001' + '00000000' + '00000b86' + '00000001' + '00000001';
  expect(body((copy) => copy.row(1).uuids([uuid]))).toBe(
    `0001${'00000028'}${header}${'00000010'}00112233445566778899aabbccddeeff`,
  );
  expect(body((copy) => copy.row(1).uuids([]))).toBe(`0001${'0000000c'}${'00000000'.repeat(2)}00000b86`);
});

test('values of any size stay whole across chunks', () => {
  for (const size of [0, 1, 65_500, 65_535, 65_536, 200_000]) {
    const value = Buffer.alloc(size, 7);
    const hex = body((copy) => copy.row(2).bytea(value).int2(1));
    expect(hex.length).toBe(2 * (2 + 4 + size + 4 + 2));
    expect(hex.slice(4, 12)).toBe(size.toString(16).padStart(8, '0'));
    expect(hex.endsWith('000000020001')).toBe(true);
  }
});

test('a value that does not fit its column is refused before anything is sent', () => {
  const copy = new CopyBinary();
  expect(() => copy.int2(40_000)).toThrow(UnstorableValueError);
  expect(() => copy.int4(1.5)).toThrow(UnstorableValueError);
  expect(() => copy.int8(1n << 63n)).toThrow(UnstorableValueError);
  expect(() => copy.uuid('no uuid')).toThrow(UnstorableValueError);
  expect(() => copy.uuid('zz112233-4455-6677-8899-aabbccddeeff')).toThrow(UnstorableValueError);
});
