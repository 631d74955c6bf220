import type { ExpiryReason, KeptAs, RetentionPolicy } from '../../ports/retention-store.ts';

/** The partitions of one stored day, or month, that are kept alike. */
export interface KeptPeriod {
  readonly keptAs: KeptAs;
  /** Days since 1970-01-01 (UTC): the first of the period, and the one after its last. */
  readonly firstDay: number;
  readonly endDay: number;
  readonly bytes: number;
}

export interface DuePeriod extends KeptPeriod {
  readonly why: ExpiryReason;
}

export interface ExpiryPlan {
  /** In the order in which they are dropped: oldest first, the payload of a day before its events. */
  readonly due: readonly DuePeriod[];
  readonly over: readonly ('payload size' | 'total size')[];
}

const DAY_MS = 86_400_000;
const RANK: Record<KeptAs, number> = { payload: 0, events: 1, aggregates: 2 };

/**
 * Which periods go. By age: all whose youngest row has reached it. By size: the oldest first until the rest fits; counts
 * stay, and so does what may still be written to.
 * @param otherBytes what the tables take that are not cut by time
 */
export function planExpiry(
  periods: readonly KeptPeriod[],
  policy: RetentionPolicy,
  nowMs: number,
  otherBytes: number,
): ExpiryPlan {
  const due: DuePeriod[] = [];
  const over: ('payload size' | 'total size')[] = [];
  const isDue = (period: KeptPeriod) =>
    due.some((each) => each.keptAs === period.keptAs && each.firstDay === period.firstDay);
  const left = (of: (period: KeptPeriod) => boolean) => ordered(periods).filter((each) => of(each) && !isDue(each));
  const ended = (period: KeptPeriod) => period.endDay * DAY_MS <= nowMs;

  for (const period of ordered(periods)) {
    if (period.endDay * DAY_MS + policy.ageMs[period.keptAs] <= nowMs) due.push({ ...period, why: 'age' });
  }
  const shrink = (why: 'payload size' | 'total size', limit: number | null, kept: KeptPeriod[], other: number) => {
    if (limit === null) return;
    let bytes = kept.reduce((sum, period) => sum + period.bytes, other);
    for (const period of kept) {
      if (bytes <= limit) return;
      if (!ended(period) || period.keptAs === 'aggregates') continue;
      due.push({ ...period, why });
      bytes -= period.bytes;
    }
    if (bytes > limit) over.push(why);
  };
  shrink(
    'payload size',
    policy.payloadBytes,
    left((period) => period.keptAs === 'payload'),
    0,
  );
  shrink(
    'total size',
    policy.totalBytes,
    left(() => true),
    otherBytes,
  );
  return { due: ordered(due), over };
}

function ordered<P extends KeptPeriod>(periods: readonly P[]): P[] {
  return [...periods].sort((a, b) => a.firstDay - b.firstDay || RANK[a.keptAs] - RANK[b.keptAs]);
}
