import type { Damage } from '../damage.ts';
import { EXPIRED_DAYS } from '../expired-days.ts';
import { isStorageDamage } from '../sql-state.ts';
import type { Queryable } from '../transaction.ts';
import { takeAtOnce } from './records-at-once.ts';
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

interface SegmentRef {
  readonly storedDay: string;
  readonly incarnationId: number;
  readonly partition: number;
  readonly baseOffset: string;
  readonly recordCount: number;
  readonly size: number;
  readonly refs: StoredRef[];
}

/**
 * Hands every record's raw parts to `take`, segment by segment, so that only a few segments are in memory at once. The
 * bytes handed over must not be kept. Order is that of segments, not of `refs`. Every ref gets an answer, whatever is
 * wrong with its bytes or those of others. Call it inside a transaction. `atOnce`, in one that begins with
 * `BEGIN.prepared`: bytes come with their places in one statement; a block that PostgreSQL cannot read
 * (`isStorageDamage`) is then thrown and ends the transaction: ask again without.
 */
export async function eachRawRecord(
  client: Queryable,
  refs: readonly StoredRef[],
  take: TakeAnswer,
  { atOnce = false } = {},
): Promise<void> {
  const left = atOnce ? await takeAtOnce(client, refs, take) : refs;
  if (left.length === 0) return;
  const segments = await findSegments(client, left, take);
  for (const group of groupBySize(segments)) {
    const bytes = await fetchBytes(client, group);
    for (const segment of group) openSegment(segment, bytes.get(segmentKey(segment)), take);
  }
}

async function findSegments(client: Queryable, refs: readonly StoredRef[], take: TakeAnswer): Promise<SegmentRef[]> {
  const { rows } = await client.query<FoundRow>(FIND, placesOf(refs));
  const segments = new Map<string, SegmentRef>();
  for (const row of rows) {
    const ref = refs[row.place - 1];
    if (ref === undefined) continue;
    if (row.base_offset === null || row.size === null || row.record_count === null) {
      take(ref, row.expired ? { kind: 'expired' } : { kind: 'damaged', damage: lostAt(ref, row) });
      continue;
    }
    const { storedDay, incarnationId, partition } = ref;
    const [baseOffset, recordCount, size] = [row.base_offset, row.record_count, row.size];
    const key = segmentKey({ storedDay, incarnationId, partition, baseOffset });
    const known = segments.get(key);
    if (known === undefined)
      segments.set(key, { storedDay, incarnationId, partition, baseOffset, recordCount, size, refs: [ref] });
    else known.refs.push(ref);
  }
  return [...segments.values()];
}

interface FoundRow {
  place: number;
  /** Null when no segment begins at or before the record. */
  base_offset: string | null;
  record_count: number | null;
  /** Null when the bytes are gone. */
  size: number | null;
  expired: boolean;
}

function lostRecord({ storedDay, incarnationId, partition, offset }: StoredRef): Damage {
  return { storedDay, incarnationId, partition, baseOffset: offset.toString(), recordCount: 1, why: 'lost' };
}

/** The segment without bytes that a record is in, or the record alone where no segment begins at or before it. */
function lostAt(ref: StoredRef, { base_offset: baseOffset, record_count: recordCount }: FoundRow): Damage {
  return { ...lostRecord(ref), ...(baseOffset !== null && recordCount !== null && { baseOffset, recordCount }) };
}

const FIND = `
  select w.place::int, s.base_offset::text, s.record_count, octet_length(b.bytes) as size,
    w.stored_day in ${EXPIRED_DAYS} as expired
  from ${WANTED}
  left join lateral (
    select base_offset, record_count from segment
    where stored_day = w.stored_day and incarnation_id = w.incarnation_id and partition = w.partition
      and base_offset <= w."offset"
    order by base_offset desc limit 1
  ) s on true
  left join segment_bytes b on b.stored_day = w.stored_day and b.incarnation_id = w.incarnation_id
    and b.partition = w.partition and b.base_offset = s.base_offset`;

function groupBySize(segments: readonly SegmentRef[]): SegmentRef[][] {
  const groups: SegmentRef[][] = [];
  let size = 0;
  for (const segment of segments) {
    size += segment.size;
    if (groups.length === 0 || size > FETCH_BYTES) {
      groups.push([]);
      size = segment.size;
    }
    groups.at(-1)?.push(segment);
  }
  return groups;
}

/**
 * A block that PostgreSQL itself cannot read fails the statement: the segments of the group are then read one by one, so
 * that the rest is not lost with it.
 */
async function fetchBytes(client: Queryable, group: readonly SegmentRef[]): Promise<Map<string, StoredBytes>> {
  await client.query('savepoint bytes');
  try {
    return await fetchAll(client, group);
  } catch (error) {
    if (!isStorageDamage(error)) throw error;
    await client.query('rollback to savepoint bytes');
  }
  if (group.length === 1) return new Map();
  const found = new Map<string, StoredBytes>();
  for (const segment of group) for (const entry of await fetchBytes(client, [segment])) found.set(...entry);
  return found;
}

async function fetchAll(client: Queryable, group: readonly SegmentRef[]): Promise<Map<string, StoredBytes>> {
  const { rows } = await client.query<{ place: number; checksum: string; bytes: Buffer }>(FETCH, [
    group.map((segment) => segment.storedDay),
    group.map((segment) => segment.incarnationId),
    group.map((segment) => segment.partition),
    group.map((segment) => segment.baseOffset),
  ]);
  return new Map(
    rows.flatMap((row) => {
      const segment = group[row.place - 1];
      return segment === undefined
        ? []
        : [[segmentKey(segment), { checksum: Number(row.checksum), bytes: row.bytes }] as const];
    }),
  );
}

const FETCH = `
  select w.place::int, b.checksum, b.bytes
  from unnest($1::date[], $2::int[], $3::int[], $4::bigint[]) with ordinality
    as w(stored_day, incarnation_id, partition, base_offset, place)
  join segment_bytes b using (stored_day, incarnation_id, partition, base_offset)`;

function openSegment(segment: SegmentRef, stored: StoredBytes | undefined, take: TakeAnswer): void {
  const { storedDay, incarnationId, partition, baseOffset, recordCount } = segment;
  const { left, why } =
    stored === undefined
      ? { left: segment.refs, why: 'lost' as const }
      : takeHeld(BigInt(baseOffset), stored, segment.refs, take);
  for (const ref of left) {
    const what = why === null ? lostRecord(ref) : { storedDay, incarnationId, partition, baseOffset, recordCount, why };
    take(ref, { kind: 'damaged', damage: what });
  }
}
