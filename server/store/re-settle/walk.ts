import { z } from 'zod';

/** Where a re-settle job stands. Traces are walked in the order of their keys, which are hashes: evenly spread. */
export interface Walk {
  /** The topology that all traces are to be stitched by at least. */
  readonly version: number;
  /** Which time it goes through all traces, from 1. */
  readonly pass: number;
  /** Traces that were marked in this pass. */
  readonly marked: number;
  /** Every trace up to this key is done with; null before the first. */
  readonly after: string | null;
  /** Traces up to this key are marked, and settle may be at work on them; null while none are. */
  readonly until: string | null;
}

/** Before the first trace. */
export function beginOf(version: number, pass = 1): Walk {
  return { version, pass, marked: 0, after: null, until: null };
}

const stored = z.object({
  version: z.int(),
  pass: z.int(),
  marked: z.int(),
  after: z.string().nullable(),
  until: z.string().nullable(),
});

/** A walk as the job's row holds it; null before it began. */
export function walkFromRow(value: unknown): Walk | null {
  return value === null ? null : stored.parse(value);
}

/** The first four bytes of a key as a share of all keys, in (0, 1]. */
export function shareUpTo(traceKey: string): number {
  return (Number.parseInt(traceKey.slice(0, 8), 16) + 1) / 2 ** 32;
}
