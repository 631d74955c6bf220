import type { BegunPosition } from '../../../ports/source.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import type { SessionContext } from '../session-context.ts';
import { type ByteRate, createByteRate } from './byte-rate.ts';
import { backfillLeft, surveyBackfill } from './survey-backfill.ts';

/** The first backfill of a named cluster: told before it is read, and held to a byte rate while it is. */
export interface Backfill {
  /** Null: nothing holds it back. */
  readonly rate: ByteRate | null;
  /** Tells the sink what is left to read of the partitions just assigned, if anything is. */
  tell(positions: readonly BegunPosition[], topics: TopicMap): Promise<void>;
  /** So many bytes of a partition behind its first backfill's end have come, over so many offsets. */
  fetched(bytes: number, offsets: bigint): void;
}

/** Where the brokers do not tell the bytes, this much of the backfill is read before they are estimated from it. */
const SAMPLE_BYTES = 1024 * 1024;
const SAMPLE_OFFSETS = 5_000n;

export function createBackfill({ options, sink }: SessionContext): Backfill {
  const { backfill } = options;
  const rate = backfill === null || backfill.bytesPerS === null ? null : createByteRate(backfill.bytesPerS);
  /** Records whose bytes nobody has told yet; null when there are none. */
  let unsized: bigint | null = null;
  let sample = { bytes: 0, offsets: 0n };

  return {
    rate,
    async tell(positions, topics) {
      if (backfill === null || positions.every((position) => backfillLeft(position) === 0n)) return;
      const survey = await surveyBackfill(positions, topics);
      unsized = survey.bytes === null ? survey.records : null;
      sample = { bytes: 0, offsets: 0n };
      sink.backfill({ ...survey, bytesPerS: backfill.bytesPerS });
    },
    fetched(bytes, offsets) {
      rate?.spend(bytes, performance.now());
      if (unsized === null || backfill === null || offsets <= 0n) return;
      sample = { bytes: sample.bytes + bytes, offsets: sample.offsets + offsets };
      if (sample.bytes < SAMPLE_BYTES && sample.offsets < SAMPLE_OFFSETS && sample.offsets < unsized) return;
      const estimate = (BigInt(sample.bytes) * unsized) / sample.offsets;
      sink.backfill({ records: unsized, bytes: estimate, bytesFrom: 'sample', bytesPerS: backfill.bytesPerS });
      unsized = null;
    },
  };
}
