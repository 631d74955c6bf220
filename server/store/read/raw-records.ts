import type { RecordRef } from '../../model/record.ts';
import { decodeSegment, type RawRecord } from '../segment.ts';
import type { Queryable } from '../transaction.ts';

/** A stored record to fetch the raw bytes of. */
export interface StoredRef extends RecordRef {
  readonly storedDay: string;
}

export type RawAnswer = { readonly kind: 'raw'; readonly record: RawRecord } | { readonly kind: 'expired' | 'corrupt' };

/** Deflated bytes fetched at once; a larger segment comes alone. */
const FETCH_BYTES = 8 * 1024 * 1024;

interface SegmentRef {
  readonly storedDay: string;
  readonly incarnationId: number;
  readonly partition: number;
  readonly baseOffset: string;
  /** Null when the bytes are gone. */
  readonly size: number | null;
  readonly refs: StoredRef[];
}

/**
 * Hands every record's raw parts to `take`, segment by segment, so that only a few segments are in memory at once. The
 * bytes handed over must not be kept. Order is that of segments, not of `refs`.
 */
export async function eachRawRecord(
  client: Queryable,
  refs: readonly StoredRef[],
  take: (ref: StoredRef, answer: RawAnswer) => void,
): Promise<void> {
  if (refs.length === 0) return;
  const segments = await findSegments(client, refs, take);
  for (const group of groupBySize(segments)) {
    const bytes = await fetchBytes(client, group);
    for (const segment of group) openSegment(segment, bytes.get(segmentKey(segment)), take);
  }
}

async function findSegments(
  client: Queryable,
  refs: readonly StoredRef[],
  take: (ref: StoredRef, answer: RawAnswer) => void,
): Promise<SegmentRef[]> {
  const { rows } = await client.query<{ place: number; base_offset: string | null; size: number | null }>(FIND, [
    refs.map((ref) => ref.storedDay),
    refs.map((ref) => ref.incarnationId),
    refs.map((ref) => ref.partition),
    refs.map((ref) => ref.offset.toString()),
  ]);
  const segments = new Map<string, SegmentRef>();
  for (const row of rows) {
    const ref = refs[row.place - 1];
    if (ref === undefined) continue;
    if (row.base_offset === null || row.size === null) {
      take(ref, { kind: 'expired' });
      continue;
    }
    const { storedDay, incarnationId, partition } = ref;
    const segment = { storedDay, incarnationId, partition, baseOffset: row.base_offset, size: row.size, refs: [ref] };
    const known = segments.get(segmentKey(segment));
    if (known === undefined) segments.set(segmentKey(segment), segment);
    else known.refs.push(ref);
  }
  return [...segments.values()];
}

const FIND = `
  select w.place::int, s.base_offset::text, octet_length(b.bytes) as size
  from unnest($1::date[], $2::int[], $3::int[], $4::bigint[]) with ordinality
    as w(stored_day, incarnation_id, partition, "offset", place)
  left join lateral (
    select base_offset from segment
    where stored_day = w.stored_day and incarnation_id = w.incarnation_id and partition = w.partition
      and base_offset <= w."offset"
    order by base_offset desc limit 1
  ) s on true
  left join segment_bytes b on b.stored_day = w.stored_day and b.incarnation_id = w.incarnation_id
    and b.partition = w.partition and b.base_offset = s.base_offset`;

function groupBySize(segments: readonly SegmentRef[]): SegmentRef[][] {
  const groups: SegmentRef[][] = [];
  let size = FETCH_BYTES;
  for (const segment of segments) {
    size += segment.size ?? 0;
    if (size > FETCH_BYTES) {
      groups.push([]);
      size = segment.size ?? 0;
    }
    groups.at(-1)?.push(segment);
  }
  return groups;
}

interface StoredBytes {
  readonly checksum: number;
  readonly bytes: Buffer;
}

async function fetchBytes(client: Queryable, group: readonly SegmentRef[]): Promise<Map<string, StoredBytes>> {
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
  if (stored === undefined) {
    for (const ref of segment.refs) take(ref, { kind: 'expired' });
    return;
  }
  const decoded = decodeSegment(BigInt(segment.baseOffset), stored.checksum, stored.bytes);
  const records =
    decoded.kind === 'records' ? new Map(decoded.records.map((record) => [record.offset, record])) : new Map();
  for (const ref of segment.refs) {
    const record = records.get(ref.offset);
    take(ref, record === undefined ? { kind: 'corrupt' } : { kind: 'raw', record });
  }
}

function segmentKey(segment: Omit<SegmentRef, 'refs' | 'size'>): string {
  return `${segment.storedDay}/${segment.incarnationId}/${segment.partition}/${segment.baseOffset}`;
}
