import type { Millis } from '../model/time.ts';
import type { MarkChange } from '../ports/watch-store.ts';
import type { MarkMemory, RoundMemory } from './round-memory.ts';
import type { WatchedPlace } from './watched-places.ts';

/** What the watermarks are now, and which of them are others than before. */
export interface ComparedMarks {
  readonly changes: readonly MarkChange[];
  readonly history: readonly MarkChange[];
  readonly seen: ReadonlyMap<string, MarkMemory>;
}

/** Rows of watermark history a second, at most; 4.3 million a day. */
const HISTORY_ROWS_PER_S = 50;
/** Between two history rows of a partition that moves all the time: as many as the rate above allows. */
const HISTORY_LEAST_MS = 10_000;
const HISTORY_MOST_MS = 300_000;

/** Compares the watermarks of all places with what is held of them. The history is thinned, the current ones are not. */
export function compareMarks(memory: RoundMemory, places: readonly WatchedPlace[], now: Millis): ComparedMarks {
  const moved = places.filter((place) => isMoved(place, memory.marks.get(place.key)));
  const apartMs = Math.min(HISTORY_MOST_MS, Math.max(HISTORY_LEAST_MS, (moved.length / HISTORY_ROWS_PER_S) * 1000));
  const changes: MarkChange[] = [];
  const history: MarkChange[] = [];
  const seen = new Map<string, MarkMemory>();
  for (const place of places) {
    const before = memory.marks.get(place.key);
    const mark = toMark(place, before, now);
    const row = toChange(place, mark, before);
    if (isMoved(place, before)) changes.push(row);
    const isNews = before === undefined || mark.high !== before.storedHigh || mark.low !== before.storedLow;
    const isDue = isNews && (before === undefined || now - before.storedAt >= apartMs);
    if (isDue) history.push(row);
    seen.set(place.key, isDue ? stored(mark, now) : mark);
  }
  return { changes, history, seen };
}

function isMoved({ low, high }: WatchedPlace, before: MarkMemory | undefined): boolean {
  return before === undefined || before.low !== low || before.high !== high;
}

function toMark(place: WatchedPlace, before: MarkMemory | undefined, now: Millis): MarkMemory {
  const { low, high } = place;
  if (before === undefined) {
    return { low, high, movedAt: now, storedLow: low, storedHigh: high, storedAt: now, equalAt: now, since: now };
  }
  const movedAt = isMoved(place, before) ? now : before.movedAt;
  return { ...before, low, high, movedAt, equalAt: high === before.storedHigh ? now : before.equalAt };
}

function stored(mark: MarkMemory, now: Millis): MarkMemory {
  return { ...mark, storedLow: mark.low, storedHigh: mark.high, storedAt: now, equalAt: now };
}

function toChange({ incarnationId, partition }: WatchedPlace, mark: MarkMemory, before: MarkMemory | undefined) {
  return {
    ...{ incarnationId, partition, low: mark.low, high: mark.high, at: mark.movedAt },
    ...{ wasHigh: before?.storedHigh ?? null, wasAt: before?.equalAt ?? null },
  };
}
