import { z } from 'zod';

/** The last segment a job is done with; the days go backwards, and within a day the segments in their order. */
export interface Place {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly incarnationId: number;
  readonly partition: number;
  /** Base offset. */
  readonly offset: string;
}

/** Before the first segment of a day. */
export function beginOf(day: string): Place {
  return { day, incarnationId: -1, partition: -1, offset: '-1' };
}

const stored = z.object({
  day: z.string(),
  incarnationId: z.int(),
  partition: z.int(),
  offset: z.string(),
});

/** A place as the job's row holds it; null before the first. */
export function placeFromRow(value: unknown): Place | null {
  return value === null ? null : stored.parse(value);
}
