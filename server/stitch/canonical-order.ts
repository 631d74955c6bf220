import { compareRefs } from '../model/record.ts';
import type { StitchEvent } from '../model/trace.ts';

/**
 * The one order every rule and tie-break uses: occurred-at, record timestamp, topic, then coordinates. Total over
 * distinct records, so no answer depends on arrival.
 */
export function compareEvents(a: StitchEvent, b: StitchEvent): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return compareByRecord(a, b);
}

/** Which of several copies stands: the lowest record timestamp, topic, partition, offset (design §5). */
export function compareByRecord(a: StitchEvent, b: StitchEvent): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt - b.recordedAt;
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return compareRefs(a, b);
}
