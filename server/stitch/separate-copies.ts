import type { Duplicate, StitchEvent } from '../model/trace.ts';
import { compareByRecord } from './canonical-order.ts';

/** Events with their copies taken out. */
export interface SeparatedCopies {
  readonly standing: readonly StitchEvent[];
  readonly duplicates: readonly Duplicate[];
  readonly conflicts: readonly Duplicate[];
}

/**
 * Tells copies apart: the same event id on the same topic with the same body is a duplicate of the earliest record;
 * with another body it is a conflict, and both stand. Events without an id are never copies of each other.
 */
export function separateCopies(events: readonly StitchEvent[]): SeparatedCopies {
  const standing: StitchEvent[] = [];
  const duplicates: Duplicate[] = [];
  const conflicts: Duplicate[] = [];
  const firstOfId = new Map<string, StitchEvent>();
  const firstOfBody = new Map<string, StitchEvent>();
  for (const event of [...events].sort(compareByRecord)) {
    if (event.eventKey === null) {
      standing.push(event);
      continue;
    }
    const id = `${event.eventKey} ${event.topic}`;
    const body = `${id} ${event.bodyHash}`;
    const sameBody = firstOfBody.get(body);
    if (sameBody !== undefined) {
      duplicates.push({ of: sameBody, copy: event });
      continue;
    }
    const sameId = firstOfId.get(id);
    if (sameId === undefined) firstOfId.set(id, event);
    else conflicts.push({ of: sameId, copy: event });
    firstOfBody.set(body, event);
    standing.push(event);
  }
  return { standing, duplicates, conflicts };
}
