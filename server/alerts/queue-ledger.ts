import type { LedgerPartition, QueueLedger, QueueMark } from '../model/alert-state.ts';
import type { QueueReading } from '../model/queue-reading.ts';

type SeenQueue = Pick<QueueReading, 'partitions' | 'life'>;

/** A queue that is gone: its topic was deleted, with what was in it. */
export const GONE_QUEUE: SeenQueue = { partitions: [], life: null };

interface Seen {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
  /** Records below are handled, by a commit or a mark. */
  readonly handled: number;
}

/** The account of a queue from now on: what is in it and nobody has handled. */
export function openLedger(queue: SeenQueue, mark: QueueMark | null): QueueLedger {
  const seen = see(queue, mark);
  return {
    life: queue.life ?? null,
    partitions: seen.map(begin),
    depth: depthOf(seen),
    left: 0,
    markedAt: mark?.at ?? null,
  };
}

/**
 * The account after another look. Per partition everything below `settled` is accounted for; a commit or a mark moves it
 * without a word, and what the low watermark passes above it has left unhandled. A topic that was created anew (another
 * life, or offsets that fell where nobody says) took all that was not settled with it, as does one that is gone.
 */
export function advanceLedger(ledger: QueueLedger, queue: SeenQueue, mark: QueueMark | null): QueueLedger {
  const seen = see(queue, mark);
  const isNews = mark !== null && mark.at > (ledger.markedAt ?? Number.NEGATIVE_INFINITY);
  const meantNow = isNews && isOf(mark, queue);
  const before = isNews && !meantNow ? settleMarked(ledger, mark) : ledger;
  const again = isAgain(before, queue, seen);
  let left = before.left;
  const partitions = seen.map(({ partition, low, high, handled }): LedgerPartition => {
    const held = before.partitions.find((each) => each.partition === partition);
    if (again) {
      const settled = Math.max(handled, low);
      left += Math.max(0, low - handled);
      return { partition, low, high, settled };
    }
    if (held === undefined) return begin({ partition, low, high, handled });
    // The end of a partition falls when a broker lost records: those are gone as well.
    left += Math.max(0, held.high - Math.max(high, held.settled));
    const settled = Math.max(Math.min(held.settled, high), handled);
    left += Math.max(0, low - settled);
    return { partition, low, high, settled: Math.max(settled, low) };
  });
  for (const { partition, high, settled } of before.partitions) {
    if (again || !seen.some((each) => each.partition === partition)) left += Math.max(0, high - settled);
  }
  return {
    life: queue.partitions.length === 0 ? before.life : (queue.life ?? null),
    partitions,
    depth: depthOf(seen),
    left: meantNow ? 0 : left,
    markedAt: isNews ? mark.at : ledger.markedAt,
  };
}

/** Records that nobody has handled: those that are there, and those that left. */
export function unhandledOf({ depth, left }: QueueLedger): number {
  return depth + left;
}

/** Records in a queue that nobody has handled. */
export function queueDepth(queue: SeenQueue, mark: QueueMark | null): number {
  return depthOf(see(queue, mark));
}

function begin({ partition, low, high, handled }: Seen): LedgerPartition {
  return { partition, low, high, settled: Math.max(low, handled) };
}

function see(queue: SeenQueue, mark: QueueMark | null): Seen[] {
  const marked = mark !== null && isOf(mark, queue) ? mark.offsets : {};
  return queue.partitions.map(({ partition, low, high, triaged }) => {
    // A commit beyond the end is of a former life, or of records that a broker lost.
    const handled = Math.min(high, Math.max(triaged ?? 0, marked[partition] ?? 0));
    return { partition, low: Math.min(low, high), high, handled };
  });
}

function depthOf(seen: readonly Seen[]): number {
  return seen.reduce((sum, { low, high, handled }) => sum + high - Math.max(low, handled), 0);
}

/** A mark of a former life says nothing of this one; its offsets tell, where nobody else does. */
function isOf(mark: QueueMark, queue: SeenQueue): boolean {
  if (mark.life !== null && queue.life != null) return mark.life === queue.life;
  return queue.partitions.every(({ partition, high }) => (mark.offsets[partition] ?? 0) <= high);
}

/** A mark that was made of a life that has ended since: of the one in the account, or of one that followed it unseen. */
function settleMarked(ledger: QueueLedger, mark: QueueMark): QueueLedger {
  const followed = mark.life !== null && ledger.life !== null && mark.life !== ledger.life;
  return {
    ...ledger,
    left: 0,
    partitions: ledger.partitions.map((each) => {
      const marked = followed ? each.high : Math.min(each.high, mark.offsets[each.partition] ?? 0);
      return { ...each, settled: Math.max(each.settled, marked) };
    }),
  };
}

function isAgain(ledger: QueueLedger, queue: SeenQueue, seen: readonly Seen[]): boolean {
  if (seen.length === 0) return false;
  if (ledger.life !== null && queue.life != null) return ledger.life !== queue.life;
  return seen.some(({ partition, low, high }) => {
    const held = ledger.partitions.find((each) => each.partition === partition);
    return held !== undefined && (high < held.high || low < held.low);
  });
}
