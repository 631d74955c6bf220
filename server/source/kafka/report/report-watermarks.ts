import type { WatermarkSample } from '../../../ports/source.ts';
import type { AssignedReaders } from '../fetch/assigned-readers.ts';
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
  const told = new Map<string, string>();
  const isNews = ({ incarnationId, partition, low, high }: WatermarkSample): boolean => {
    const key = `${incarnationId}/${partition}`;
    const text = `${low}-${high}`;
    if (told.get(key) === text) return false;
    told.set(key, text);
    return true;
  };
  while (!ending.aborted) {
    await pause(WATERMARK_MS, ending);
    const samples = readers
      .list()
      .flatMap(({ reader: { partition, low, high } }) =>
        low === null || high === null ? [] : [{ ...partition, low, high }],
      );
    const changed = samples.filter(isNews);
    if (changed.length > 0) await ask(() => sink.watermarks(changed));
    await after();
  }
}
