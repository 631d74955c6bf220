import type { RawRecord, RecordRef } from '../../model/record.ts';
import type { Damage } from '../damage.ts';
import { prepared } from '../prepared.ts';
import { decodeSegment } from '../segment.ts';
import { isStorageDamage } from '../sql-state.ts';
import type { Queryable } from '../transaction.ts';

/** A stored record to fetch the raw bytes of. */
export interface StoredRef extends RecordRef {
  readonly storedDay: string;
}

export type RawAnswer =
  | { readonly kind: 'raw'; readonly record: RawRecord }
  | { readonly kind: 'expired' }
  | { readonly kind: 'damaged'; readonly damage: Damage };

/** Deflated bytes fetched at once; a larger segment comes alone. */
const FETCH_BYTES = 8 * 1024 * 1024;

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
  take: (ref: StoredRef, answer: RawAnswer) => void,
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

/**
 * Takes what lies whole in the bytes that begin at or before it, without a look at `segment`: a page less for each record.
 * Answers the others: whether they expired, are damaged or only did not fit in is found out one by one.
 */
async function takeAtOnce(
  client: Queryable,
  refs: readonly StoredRef[],
  take: (ref: StoredRef, answer: RawAnswer) => void,
): Promise<readonly StoredRef[]> {
  if (refs.length === 0) return refs;
  const { rows } = await client.query<AtOnceRow>({ ...AT_ONCE, values: placesOf(refs) });
  const segments = new Map<string, { baseOffset: bigint; stored: StoredBytes | null; refs: StoredRef[] }>();
  for (const row of rows) {
    const ref = refs[row.place - 1];
    if (ref === undefined) continue;
    const key = segmentKey({ ...ref, baseOffset: row.base_offset });
    const segment = segments.get(key) ?? { baseOffset: BigInt(row.base_offset), stored: null, refs: [] };
    if (row.bytes !== null) segment.stored = { checksum: Number(row.checksum), bytes: row.bytes };
    segment.refs.push(ref);
    segments.set(key, segment);
  }
  const left = new Set(refs);
  for (const { baseOffset, stored, refs: wanted } of segments.values()) {
    if (stored === null) continue;
    const offsets = new Set(wanted.map(({ offset }) => offset));
    const decoded = decodeSegment(baseOffset, stored.checksum, stored.bytes, offsets);
    if (decoded.kind === 'corrupt') continue;
    const records = new Map(decoded.records.map((record) => [record.offset, record]));
    for (const ref of wanted) {
      const record = records.get(ref.offset);
      if (record === undefined) continue;
      left.delete(ref);
      take(ref, { kind: 'raw', record });
    }
  }
  return [...left];
}

function placesOf(refs: readonly StoredRef[]): unknown[] {
  return [
    refs.map((ref) => ref.storedDay),
    refs.map((ref) => ref.incarnationId),
    refs.map((ref) => ref.partition),
    refs.map((ref) => ref.offset.toString()),
  ];
}

async function findSegments(
  client: Queryable,
  refs: readonly StoredRef[],
  take: (ref: StoredRef, answer: RawAnswer) => void,
): Promise<SegmentRef[]> {
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

interface AtOnceRow {
  place: number;
  base_offset: string;
  checksum: string | null;
  /** Once for each segment, and for no more than `FETCH_BYTES` in all. */
  bytes: Buffer | null;
}

function lostAt({ storedDay, incarnationId, partition, offset }: StoredRef, row: FoundRow): Damage {
  const baseOffset = row.base_offset ?? offset.toString();
  return { storedDay, incarnationId, partition, baseOffset, recordCount: row.record_count ?? 1, why: 'lost' };
}

const WANTED = `unnest($1::date[], $2::int[], $3::int[], $4::bigint[]) with ordinality
    as w(stored_day, incarnation_id, partition, "offset", place)`;

const FIND = `
  select w.place::int, s.base_offset::text, s.record_count, octet_length(b.bytes) as size,
    w.stored_day in (select day from expired_day where kept_as <> 'aggregates') as expired
  from ${WANTED}
  left join lateral (
    select base_offset, record_count from segment
    where stored_day = w.stored_day and incarnation_id = w.incarnation_id and partition = w.partition
      and base_offset <= w."offset"
    order by base_offset desc limit 1
  ) s on true
  left join segment_bytes b on b.stored_day = w.stored_day and b.incarnation_id = w.incarnation_id
    and b.partition = w.partition and b.base_offset = s.base_offset`;

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

interface StoredBytes {
  readonly checksum: number;
  readonly bytes: Buffer;
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

function openSegment(
  segment: SegmentRef,
  stored: StoredBytes | undefined,
  take: (ref: StoredRef, answer: RawAnswer) => void,
): void {
  const { storedDay, incarnationId, partition, baseOffset, recordCount } = segment;
  const place = { storedDay, incarnationId, partition };
  const decoded =
    stored === undefined
      ? ({ kind: 'corrupt', reason: 'lost' } as const)
      : decodeSegment(
          BigInt(baseOffset),
          stored.checksum,
          stored.bytes,
          new Set(segment.refs.map(({ offset }) => offset)),
        );
  if (decoded.kind === 'corrupt') {
    const damage = { ...place, baseOffset, recordCount, why: decoded.reason };
    for (const ref of segment.refs) take(ref, { kind: 'damaged', damage });
    return;
  }
  const records = new Map(decoded.records.map((record) => [record.offset, record]));
  for (const ref of segment.refs) {
    const record = records.get(ref.offset);
    const damage: Damage = { ...place, baseOffset: ref.offset.toString(), recordCount: 1, why: 'lost' };
    take(ref, record === undefined ? { kind: 'damaged', damage } : { kind: 'raw', record });
  }
}

function segmentKey(segment: Pick<SegmentRef, 'storedDay' | 'incarnationId' | 'partition' | 'baseOffset'>): string {
  return `${segment.storedDay}/${segment.incarnationId}/${segment.partition}/${segment.baseOffset}`;
}
