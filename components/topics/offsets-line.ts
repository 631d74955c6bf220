import type { PartitionCoverage } from '@/server/model/wire.ts';

/** A partition's offsets as a line, in px: deleted, stored, missing, not read yet. */
export interface OffsetsLine {
  readonly segments: readonly {
    readonly kind: 'deleted' | 'stored' | 'missing' | 'unread';
    readonly x0: number;
    readonly x1: number;
  }[];
  /** Where the partition now begins on the broker; null when unknown. */
  readonly lowX: number | null;
  /** Where the tap stands. */
  readonly nextX: number;
}

/** A hole or unread stretch is drawn at least this wide, in px. */
const LEAST_PX = 4;

/** Offsets are 64-bit: places are computed in exact integers first. */
export function offsetsLine(partition: PartitionCoverage, width: number): OffsetsLine {
  const [low, high, next] = [partition.low, partition.high, partition.next].map((text) =>
    text === null ? null : BigInt(text),
  );
  const stored = partition.stored.map((range) => [BigInt(range.from), BigInt(range.to)] as const);
  const holes = partition.holes.map((range) => [BigInt(range.from), BigInt(range.to)] as const);
  const reached = next ?? 0n;
  const end = high !== null && high !== undefined && high > reached ? high : reached;
  const x = (offset: bigint) => (end === 0n ? 0 : (Number((offset * 1_000_000n) / end) / 1_000_000) * width);
  // biome-ignore lint/complexity/useMathMinMax: Math.min does not take bigints.
  const begin = stored.reduce((least, [from]) => (from < least ? from : least), low ?? reached);
  const segments: OffsetsLine['segments'][number][] = [];
  if (begin > 0n) segments.push({ kind: 'deleted', x0: 0, x1: x(begin) });
  for (const [from, to] of stored) if (to > from) segments.push({ kind: 'stored', x0: x(from), x1: x(to) });
  for (const [from, to] of holes) segments.push(atLeast({ kind: 'missing', x0: x(from), x1: x(to) }, width));
  if (end > reached) segments.push(atLeast({ kind: 'unread', x0: x(reached), x1: width }, width));
  return { segments, lowX: low === null || low === undefined ? null : x(low < end ? low : end), nextX: x(reached) };
}

function atLeast(segment: OffsetsLine['segments'][number], width: number): OffsetsLine['segments'][number] {
  if (segment.x1 - segment.x0 >= LEAST_PX) return segment;
  const x0 = Math.min(segment.x0, width - LEAST_PX);
  return { ...segment, x0, x1: x0 + LEAST_PX };
}
