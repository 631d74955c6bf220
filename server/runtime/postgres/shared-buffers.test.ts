import { expect, test } from 'vitest';
import { sharedBuffersMb } from './prepare-postgres.ts';

test('PostgreSQL gets an eighth of the memory, never under 128 MB nor over 4 GB', () => {
  const GB = 2 ** 30;
  expect([GB / 2, GB, 8 * GB, 24 * GB, 256 * GB].map(sharedBuffersMb)).toEqual([128, 128, 1024, 3072, 4096]);
});
