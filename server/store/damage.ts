import type { Pool } from 'pg';
import type { DamageReason } from '../model/wire.ts';
import { EXPIRED_DAYS } from './expired-days.ts';
import type { Queryable } from './transaction.ts';

/** Records that cannot be shown although their day has not expired. */
export interface Damage {
  readonly storedDay: string;
  readonly incarnationId: number;
  readonly partition: number;
  /** The segment's, or the record's own where no segment holds it. */
  readonly baseOffset: string;
  readonly recordCount: number;
  readonly why: DamageReason;
}

/** For readers: the answer they have says what is damaged, and the next one would note it again. */
export async function noteDamage(pool: Pool, damages: readonly Damage[]): Promise<void> {
  await recordDamage(pool, damages).catch(() => undefined);
}

/**
 * Keeps what turned out to be damaged, once. Looks again at what is `lost` before it says so: the reader's snapshot may
 * be older than a day that was dropped meanwhile.
 */
export async function recordDamage(database: Queryable, damages: readonly Damage[]): Promise<void> {
  if (damages.length === 0) return;
  await database.query(INSERT, [
    damages.map((damage) => damage.incarnationId),
    damages.map((damage) => damage.partition),
    damages.map((damage) => damage.baseOffset),
    damages.map((damage) => damage.recordCount),
    damages.map((damage) => damage.storedDay),
    damages.map((damage) => damage.why),
  ]);
}

const INSERT = `
  insert into damage (incarnation_id, partition, base_offset, record_count, stored_day, why)
  select distinct on (1, 2, 3) d.* from unnest($1::int[], $2::int[], $3::bigint[], $4::int[], $5::date[], $6::text[])
    as d(incarnation_id, partition, base_offset, record_count, stored_day, why)
  where d.stored_day not in ${EXPIRED_DAYS}
  on conflict (incarnation_id, partition, base_offset) do nothing`;
