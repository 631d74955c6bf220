import type { RecordSink, TopicPartition } from '../../../ports/source.ts';
import { askSink } from '../../ask-sink.ts';
import { OFFSET_QUERY } from '../wire/list-offsets-request.ts';
import { type LeaderOf, listOffsets, partitionKey } from './offsets.ts';

/**
 * The stored positions, after beginning what was never stored at its low watermark; null where no leader tells that.
 * Asked again after beginning: another tap may have begun it elsewhere, and only what is stored counts.
 */
export async function begunPositions(
  sink: RecordSink,
  partitions: readonly TopicPartition[],
  leaderOf: LeaderOf,
  signal: AbortSignal,
): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]> {
  const positions = await askSink(() => sink.positions(partitions), signal);
  const unknown = positions.filter(({ nextOffset }) => nextOffset === null);
  if (unknown.length === 0) return positions;
  const lows = await listOffsets(unknown, OFFSET_QUERY.low, leaderOf);
  for (const { nextOffset: _, ...partition } of unknown) {
    const low = lows.get(partitionKey(partition));
    if (low !== undefined) await askSink(() => sink.begin(partition, low), signal);
  }
  return askSink(() => sink.positions(partitions), signal);
}
