import { expect, it } from 'vitest';
import { backfillLine, backfillState } from './backfill-plan.ts';

const AT = '2026-03-01T12:00:00.000Z';

it('says records, bytes, cap and disk before anything is read', () => {
  const state = backfillState(
    { records: 5_000_000n, bytes: 3n * 2n ** 30n, bytesFrom: 'brokers', bytesPerS: 32 * 2 ** 20 },
    AT,
  );
  expect(state).toMatchObject({ records: '5000000', disk_bytes: String(6n * 2n ** 30n), started_at: AT });
  expect(backfillLine(state)).toBe(
    'First backfill: 5,000,000 records to read, 3.0 GiB on the brokers, at most 32.0 MiB a second ' +
      '(TAP_BACKFILL_BYTES_PER_S). It needs up to 6.0 GiB of disk in PostgreSQL.',
  );
});

it('says that bytes are unknown where the brokers do not tell them, and later what they are about', () => {
  const unknown = backfillState({ records: 900n, bytes: null, bytesFrom: null, bytesPerS: null }, AT);
  expect(unknown.disk_bytes).toBeNull();
  expect(backfillLine(unknown)).toContain('The brokers do not say how many bytes');
  const estimated = backfillState({ records: 900n, bytes: 512n, bytesFrom: 'sample', bytesPerS: null }, AT);
  expect(backfillLine(estimated)).toBe(
    'First backfill: 900 records to read, 512 B, as estimated from the first of them, no cap on its rate ' +
      '(TAP_BACKFILL_BYTES_PER_S). It needs up to 1.0 KiB of disk in PostgreSQL.',
  );
});
