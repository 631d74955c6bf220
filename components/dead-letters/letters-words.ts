import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { ComparisonWire } from '@/server/model/dead-letter-detail-wire.ts';
import type {
  DeadLetterQueues,
  DeadLetterQueueWire,
  DeadLetterRecordWire,
  FailureWithoutDeadLetter,
  MarkWire,
  OriginalState,
} from '@/server/model/dead-letter-wire.ts';

const DAY_S = 86_400;

/** What expires within a day is dead ink: after that nobody can work it off. */
export function expiresSoon({ expires_in_s }: Pick<DeadLetterQueueWire, 'expires_in_s'>): boolean {
  return expires_in_s !== null && expires_in_s < DAY_S;
}

/** What the page says first. */
export function lettersVerdict({ queues, total }: DeadLetterQueues): {
  readonly mark: MarkKind;
  readonly sentence: string;
} {
  const depth = BigInt(total.depth ?? 0);
  if (queues.length > 0 && total.depth === null)
    return { mark: 'unknown', sentence: 'No queue of dead letters was looked at yet' };
  if (depth === 0n) {
    const unknown = total.unknown === 0 ? '' : `, ${formatCounted(total.unknown, 'queue')} not looked at`;
    return { mark: 'flowing', sentence: `No dead letter waits${unknown}` };
  }
  const soon = queues.filter((queue) => expiresSoon(queue) && queue.depth !== '0');
  const expire = soon.length === 1 ? 'expires' : 'expire';
  const expiring =
    soon.length === 0 ? '' : `, the oldest of ${formatCounted(soon.length, 'queue')} ${expire} within a day`;
  const wait = depth === 1n ? '1 dead letter waits' : `${formatCount(depth.toString())} dead letters wait`;
  return { mark: 'dead', sentence: `${total.unknown === 0 ? '' : '≥ '}${wait}${expiring}` };
}

/** Under the verdict: what expires first, or what most share. Null where there is nothing to add. */
export function firstToExpire({ queues }: DeadLetterQueues): DeadLetterQueueWire | null {
  const waiting = queues.filter(({ depth, expires_in_s }) => depth !== null && depth !== '0' && expires_in_s !== null);
  return waiting.sort((a, b) => (a.expires_in_s ?? 0) - (b.expires_in_s ?? 0))[0] ?? null;
}

/** `29 d 23 h`, or that it may go at any moment. */
export function expiresWords(seconds: number): string {
  return seconds <= 0 ? 'any moment' : formatDuration(seconds * 1000);
}

/** The part of its time that a queue's oldest has left, 0..1; null where retention is not known. */
export function timeLeft({ expires_in_s, retention_ms }: DeadLetterQueueWire): number | null {
  if (expires_in_s === null || retention_ms === null || retention_ms <= 0) return null;
  return Math.max(0, Math.min(1, (expires_in_s * 1000) / retention_ms));
}

export const MARK_WORDS: Record<MarkWire['state'], { readonly mark: MarkKind; readonly word: string }> = {
  new: { mark: 'dead', word: 'New' },
  acknowledged: { mark: 'running', word: 'Acknowledged' },
  resolved: { mark: 'done', word: 'Resolved' },
  back: { mark: 'dead', word: 'Back again' },
};

/** What a listed queue that does not count is, and why it does not. */
export const OTHER_WORDS: Record<DeadLetterQueueWire['kind'], string> = {
  'dead letter': 'Counted.',
  quarantine: 'Second stage. Counted apart, not in depth.',
  retry: 'A stage on the way: its records are tried again.',
  mirror: 'Copies for other eyes. Not counted, or every dead letter would count twice.',
};

/** Why the original is not beside its dead letter. */
export const ORIGINAL_WORDS: Record<OriginalState, string> = {
  stored: 'The original is stored.',
  'not named': 'The dead letter does not say where its original stood.',
  'unknown topic': 'No topic of the name it gives was ever seen.',
  'not read yet': 'The tap has not come to the place of the original.',
  'not stored': 'The tap has passed the place, and the original was not there.',
  expired: 'The original has expired.',
};

/** `2 @ 902`: partition and offset of the original; `–` where it names none. */
export function placeWords({ original }: Pick<DeadLetterRecordWire, 'original'>): string {
  if (original.partition === null && original.offset === null) return '–';
  return `${original.partition ?? '?'} @ ${original.offset ?? '?'}`;
}

/** How often it was tried, in words. */
export function triesWords(retries: number | null): string {
  if (retries === null) return 'retries not said';
  return retries === 0 ? 'at the first try' : `after ${formatCounted(retries, 'retry', 'retries')}`;
}

/** What came of holding the event inside against the original. */
export function comparisonWords({ result, why, by, differences, more_differences }: ComparisonWire): string {
  const reason = why === null ? '' : `: ${why}`;
  switch (result) {
    case 'same':
      return 'The event inside is the original, unchanged.';
    case 'changed': {
      const places = `${more_differences ? '≥ ' : ''}${formatCounted(differences.length, 'place')}`;
      return `The event inside differs from the original in ${places}${by === null ? '' : `, written by ${by}`}${reason}.`;
    }
    case 'not comparable':
      return `The event inside cannot be held against the original${reason}.`;
    case 'gone':
      return `The original is not stored${reason}.`;
    case 'nothing inside':
      return `The dead letter carries no event${reason}.`;
  }
}

/** What failed without reaching a queue, in a sentence without its names. */
export function failureSentence({ kind, count }: FailureWithoutDeadLetter): string {
  const traces = formatCounted(count, 'trace');
  if (kind === 'no reply') return `no reply in ${traces}`;
  return kind === 'runtime error' ? `runtime errors in ${traces}` : `says it failed, in ${traces}`;
}
