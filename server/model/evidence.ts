/**
 * Why we believe a hop. The codes are stored with each hop row. `root` marks an event without a cause: its row has no
 * time, but counts stay complete.
 */
export const EVIDENCE = { root: 0, causation: 1, traceparent: 2, link: 3, order: 4 } as const;

export type Evidence = keyof typeof EVIDENCE;

/** Evidence of a hop that has a cause. */
export type HopEvidence = Exclude<Evidence, 'root'>;

const BY_CODE: readonly Evidence[] = ['root', 'causation', 'traceparent', 'link', 'order'];

/** The evidence behind a stored code; throws on an unknown one. */
export function evidenceFromCode(code: number): Evidence {
  const evidence = BY_CODE[code];
  if (evidence === undefined) throw new RangeError(`unknown evidence code ${code}`);
  return evidence;
}

/** Flags of a hop, stored as bits. Flagged hops are drawn and counted, and never enter a percentile. */
export const HOP_FLAGS = {
  /** The effect's clock reads earlier than its cause's. */
  clock_skew: 1,
  /** An inferred hop over a pause longer than the episode gap. */
  across_gap: 2,
  /** The event names a cause that is not stored. */
  dangling_cause: 4,
} as const;

export type HopFlag = keyof typeof HOP_FLAGS;

/** The names of the bits set in `bits`, in declaration order. */
export function hopFlagsFromBits(bits: number): HopFlag[] {
  return (Object.keys(HOP_FLAGS) as HopFlag[]).filter((flag) => (bits & HOP_FLAGS[flag]) !== 0);
}
