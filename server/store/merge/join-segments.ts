import type { RawRecord } from '../../model/record.ts';
import type { DamageReason } from '../../model/wire.ts';
import { decodeSegment, encodeSegment, rawSize, SEGMENT_BYTES, SEGMENT_RECORDS } from '../segment.ts';

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
 * Joins consecutive segments of one partition, in order, into ones of the size that ingest makes. A segment is never
 * split; one that has no neighbour to join, or that is damaged, stays byte by byte what it was.
 */
export async function joinSegments(sources: readonly StoredSegment[]): Promise<JoinedSegments> {
  const segments: StoredSegment[] = [];
  const damaged: JoinedSegments['damaged'][number][] = [];
  let open: Open = { parts: [], records: [], size: 0 };
  const close = async (): Promise<void> => {
    segments.push(...(await joined(open)));
    open = { parts: [], records: [], size: 0 };
  };
  for (const source of sources) {
    const decoded =
      source.stored === null
        ? ({ kind: 'corrupt', reason: 'lost' } as const)
        : decodeSegment(source.baseOffset, source.stored.checksum, source.stored.bytes);
    if (decoded.kind === 'corrupt') {
      await close();
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
    if (before !== undefined && !fits) await close();
    open.parts.push(source);
    open.records.push(...decoded.records);
    open.size += size;
    // A large one is not kept in memory until the next comes.
    if (open.size > SEGMENT_BYTES) await close();
  }
  await close();
  return { segments, damaged };
}

async function joined({ parts, records }: Open): Promise<StoredSegment[]> {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return parts;
  const { recordCount, checksum, bytes } = await encodeSegment(records);
  const traceKeys = [...new Set(parts.flatMap((part) => part.traceKeys))];
  return [{ ...first, recordCount, traceKeys, stored: { checksum, bytes } }];
}
