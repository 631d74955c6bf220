import { formatCount, formatShare } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { DialectList } from '@/server/model/dialect-wire.ts';

/** How many events of a range were read by a dialect, in one sentence. Counts are texts and stay exact. */
export interface DialectVerdict {
  readonly mark: MarkKind;
  readonly words: string;
}

/** @param label the range as pages name it: `Last 60 min` */
export function dialectVerdict(
  { dialects, retired, unmatched }: Pick<DialectList, 'dialects' | 'retired' | 'unmatched'>,
  label: string,
): DialectVerdict {
  const within = label === 'Fixed' ? 'this range' : `the ${label.toLowerCase()}`;
  const none = BigInt(unmatched.in_range);
  const named = [...dialects, ...retired].reduce((sum, { count }) => sum + BigInt(count.in_range), 0n);
  const total = named + none;
  if (total === 0n) return { mark: 'running', words: `No event was stored in ${within}` };
  if (none === 0n)
    return total === 1n
      ? { mark: 'flowing', words: `The one event of ${within} was read by a named dialect` }
      : {
          mark: 'flowing',
          words: `All ${formatCount(String(total))} events of ${within} were read by a named dialect`,
        };
  const share = formatShare(Number((named * PRECISION) / total) / Number(PRECISION));
  return {
    mark: 'unknown',
    words: `${share} of the events of ${within} were read by a named dialect; ${formatCount(String(none))} matched none`,
  };
}

/** Shares are divided as integers, rounded down: all is only said of all. */
const PRECISION = 1_000_000_000n;
