import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { type HopSplitWire, MOST_GROUPS_NAMED, type StretchWire } from '@/server/model/hop-split-wire.ts';

/** A length of time between two bounds: `1.20–1.50 s`, `800 ms–1.20 s`, `up to 1.50 s`. */
export function stretchWords({ from_ms, to_ms }: StretchWire): string {
  const [from, to] = [formatDuration(from_ms), formatDuration(to_ms)];
  if (from === to) return to;
  if (from_ms === 0) return `up to ${to}`;
  const [[number, unit, ...more], [, toUnit, ...toMore]] = [from.split(' '), to.split(' ')];
  // One unit for both; of `6 min 12 s` each number keeps its own.
  const isShared = unit === toUnit && more.length === 0 && toMore.length === 0;
  return `${isShared ? number : from}–${to}`;
}

/** What a split hop rests on, and what it does not say. */
export function splitTitle({ resolution_ms }: Pick<HopSplitWire, 'resolution_ms'>): string {
  const looks =
    resolution_ms === null
      ? 'nobody looked at them before the commit'
      : `looked at ${formatDuration(resolution_ms)} apart`;
  return (
    `By the committed offsets of the group, ${looks}: the time from the cause until the group had committed an offset ` +
    'behind it, then the rest of the hop. Groups commit before their work, after it or by a timer, so neither part is ' +
    'processing time. Commits are told by the tap’s clock, events by their own.'
  );
}

/** What is said at first of a hop that cannot be split: how many groups it is unknown for, where there are several. */
export function unsplitWords({ groups }: Pick<Extract<HopSplitWire, { state: 'unknown' }>, 'groups'>): string {
  if (groups.length < 2) return 'waiting unknown';
  return `waiting unknown for ${groups.length < MOST_GROUPS_NAMED ? '' : '≥ '}${formatCount(groups.length)} groups`;
}
