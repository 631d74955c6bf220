import type { WatermarkSample } from '../../../ports/source.ts';
import type { AssignedReaders } from '../fetch/assigned-readers.ts';
import type { ReadPartition } from '../fetch/fetch-loop.ts';
import type { PartitionReader } from '../fetch/partition-reader.ts';
import { pause } from '../pause.ts';
import type { SessionContext } from '../session-context.ts';

const WATERMARK_MS = 2_000;

/**
 * Tells the sink the watermarks that have changed, every two seconds, until the session ends. `after` runs each time.
 */
export async function reportWatermarks(
  { ending, ask, sink }: SessionContext,
  readers: AssignedReaders,
  after: () => Promise<void>,
): Promise<void> {
  const told = new WeakMap<PartitionReader, { low: bigint; high: bigint }>();
  const newsOf = ({ reader }: ReadPartition): WatermarkSample[] => {
    const { partition, low, high } = reader;
    if (low === null || high === null) return [];
    const last = told.get(reader);
    if (last?.low === low && last.high === high) return [];
    told.set(reader, { low, high });
    return [{ ...partition, low, high }];
  };
  while (!ending.aborted) {
    await pause(WATERMARK_MS, ending);
    const changed = readers.list().flatMap(newsOf);
    if (changed.length > 0) await ask(() => sink.watermarks(changed));
    await after();
  }
}
