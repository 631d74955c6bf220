import type { RawRecord, RecordRef } from '../../model/record.ts';
import type { Damage } from '../damage.ts';
import { decodeSegment } from '../segment.ts';

/** A stored record to fetch the raw bytes of. */
export interface StoredRef extends RecordRef {
  readonly storedDay: string;
}

export type RawAnswer =
  | { readonly kind: 'raw'; readonly record: RawRecord }
  | { readonly kind: 'expired' }
  | { readonly kind: 'damaged'; readonly damage: Damage };

/** Hears the answer for each record. The bytes handed over must not be kept. */
export type TakeAnswer = (ref: StoredRef, answer: RawAnswer) => void;

/** The bytes of a segment, as they are stored. */
export interface StoredBytes {
  readonly checksum: number;
  readonly bytes: Buffer;
}

/** Deflated bytes fetched at once; a larger segment comes alone. */
export const FETCH_BYTES = 8 * 1024 * 1024;

/** Names the segment that begins at an offset. */
export function segmentKey(segment: Omit<StoredRef, 'offset'> & { readonly baseOffset: string }): string {
  return `${segment.storedDay}/${segment.incarnationId}/${segment.partition}/${segment.baseOffset}`;
}

/** Where records are, as the first four parameters of a statement that reads `WANTED`. */
export function placesOf(refs: readonly StoredRef[]): unknown[] {
  return [
    refs.map((ref) => ref.storedDay),
    refs.map((ref) => ref.incarnationId),
    refs.map((ref) => ref.partition),
    refs.map((ref) => ref.offset.toString()),
  ];
}

/** The records looked for, with their place among them from 1 on. */
export const WANTED = `unnest($1::date[], $2::int[], $3::int[], $4::bigint[]) with ordinality
    as w(stored_day, incarnation_id, partition, "offset", place)`;

/**
 * Takes those records that the bytes hold. The others are left, with what is wrong with the bytes; null where they can be
 * read and do not hold them.
 */
export function takeHeld(
  baseOffset: bigint,
  { checksum, bytes }: StoredBytes,
  refs: readonly StoredRef[],
  take: TakeAnswer,
): { readonly left: readonly StoredRef[]; readonly why: Damage['why'] | null } {
  const decoded = decodeSegment(baseOffset, checksum, bytes, new Set(refs.map(({ offset }) => offset)));
  if (decoded.kind === 'corrupt') return { left: refs, why: decoded.reason };
  const records = new Map(decoded.records.map((record) => [record.offset, record]));
  const left = refs.filter((ref) => {
    const record = records.get(ref.offset);
    if (record !== undefined) take(ref, { kind: 'raw', record });
    return record === undefined;
  });
  return { left, why: null };
}
