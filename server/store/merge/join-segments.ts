import type { DamageReason } from '../../model/wire.ts';
import { decodeSegment, encodeSegment, type RawRecord, rawSize, SEGMENT_BYTES, SEGMENT_RECORDS } from '../segment.ts';

/** A segment as its rows have it. */
export interface StoredSegment {
  readonly incarnationId: number;
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly recordCount: number;
  readonly traceKeys: readonly string[];
  /** Null when the bytes are lost. */
  readonly stored: { readonly checksum: number; readonly bytes: Buffer } | null;
}

export interface JoinedSegments {
  readonly segments: readonly StoredSegment[];
  /** Segments that could not be read; they are among `segments` as they are. */
  readonly damaged: readonly { readonly segment: StoredSegment; readonly why: DamageReason }[];
}

interface Open {
  readonly parts: StoredSegment[];
  readonly records: RawRecord[];
  size: number;
}

/**
 * Joins consecutive segments of one partition, in order, into ones of up to 64 records and 64 KB. A segment is never
 * split; one that has no neighbour to join, or that is damaged, stays byte by byte what it was.
 */
export function joinSegments(sources: readonly StoredSegment[]): JoinedSegments {
  const segments: StoredSegment[] = [];
  const damaged: JoinedSegments['damaged'][number][] = [];
  let open: Open = { parts: [], records: [], size: 0 };
  const close = () => {
    segments.push(...joined(open));
    open = { parts: [], records: [], size: 0 };
  };
  for (const source of sources) {
    const decoded =
      source.stored === null
        ? ({ kind: 'corrupt', reason: 'lost' } as const)
        : decodeSegment(source.baseOffset, source.stored.checksum, source.stored.bytes);
    if (decoded.kind === 'corrupt') {
      close();
      segments.push(source);
      damaged.push({ segment: source, why: decoded.reason });
      continue;
    }
    const size = decoded.records.reduce((sum, record) => sum + rawSize(record), 0);
    const [before] = open.parts;
    const fits =
      before !== undefined &&
      before.incarnationId === source.incarnationId &&
      before.partition === source.partition &&
      open.records.length + decoded.records.length <= SEGMENT_RECORDS &&
      open.size + size <= SEGMENT_BYTES;
    if (before !== undefined && !fits) close();
    open.parts.push(source);
    open.records.push(...decoded.records);
    open.size += size;
    // A large one is not kept in memory until the next comes.
    if (open.size > SEGMENT_BYTES) close();
  }
  close();
  return { segments, damaged };
}

function joined({ parts, records }: Open): StoredSegment[] {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return parts;
  const { recordCount, checksum, bytes } = encodeSegment(records);
  const traceKeys = [...new Set(parts.flatMap((part) => part.traceKeys))];
  return [{ ...first, recordCount, traceKeys, stored: { checksum, bytes } }];
}
