import { prepared } from '../prepared.ts';
import type { Queryable } from '../transaction.ts';
import {
  FETCH_BYTES,
  placesOf,
  type StoredBytes,
  type StoredRef,
  segmentKey,
  type TakeAnswer,
  takeHeld,
  WANTED,
} from './segment-bytes.ts';

interface AtOnceRow {
  place: number;
  base_offset: string;
  checksum: string | null;
  /** Once for each segment, and for no more than `FETCH_BYTES` in all. */
  bytes: Buffer | null;
}

/**
 * Takes what lies whole in the bytes that begin at or before it, without a look at `segment`: a page less for each record.
 * Answers the others: whether they expired, are damaged or only did not fit in is found out one by one. Call it in a
 * transaction that begins with `BEGIN.prepared`: a block that PostgreSQL cannot read (`isStorageDamage`) is thrown and
 * ends it.
 */
export async function takeAtOnce(
  client: Queryable,
  refs: readonly StoredRef[],
  take: TakeAnswer,
): Promise<readonly StoredRef[]> {
  if (refs.length === 0) return refs;
  const { rows } = await client.query<AtOnceRow>({ ...AT_ONCE, values: placesOf(refs) });
  const segments = new Map<string, { baseOffset: bigint; stored: StoredBytes | null; refs: StoredRef[] }>();
  const left = new Set(refs);
  for (const row of rows) {
    const ref = refs[row.place - 1];
    if (ref === undefined) continue;
    const key = segmentKey({ ...ref, baseOffset: row.base_offset });
    const segment = segments.get(key) ?? { baseOffset: BigInt(row.base_offset), stored: null, refs: [] };
    if (row.bytes !== null) segment.stored = { checksum: Number(row.checksum), bytes: row.bytes };
    segment.refs.push(ref);
    segments.set(key, segment);
  }
  for (const { baseOffset, stored, refs: held } of segments.values()) {
    if (stored === null) continue;
    takeHeld(baseOffset, stored, held, (ref, answer) => {
      left.delete(ref);
      take(ref, answer);
    });
  }
  return [...left];
}

const AT_ONCE = prepared(`
  select place, base_offset::text, case when is_first and so_far <= ${FETCH_BYTES} then checksum end as checksum,
    case when is_first and so_far <= ${FETCH_BYTES} then bytes end as bytes
  from (
    select w.place::int, b.base_offset, b.checksum, b.bytes, sum(octet_length(b.bytes)) over (order by w.place) as so_far,
      row_number() over (partition by w.stored_day, w.incarnation_id, w.partition, b.base_offset order by w.place) = 1
        as is_first
    from ${WANTED}
    cross join lateral (
      select base_offset, checksum, bytes from segment_bytes
      where stored_day = w.stored_day and incarnation_id = w.incarnation_id and partition = w.partition
        and base_offset <= w."offset"
      order by base_offset desc limit 1
    ) b
  ) f`);
