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
  const ofId = new Map<string, StitchEvent[]>();
  for (const event of events) {
    if (event.eventKey === null) standing.push(event);
    else {
      const alike = ofId.get(event.eventKey);
      if (alike === undefined) ofId.set(event.eventKey, [event]);
      else alike.push(event);
    }
  }
  const duplicates: Duplicate[] = [];
  const conflicts: Duplicate[] = [];
  for (const alike of ofId.values()) {
    const [only] = alike;
    if (only !== undefined && alike.length === 1) standing.push(only);
    else compareCopies(alike.sort(compareByRecord), { standing, duplicates, conflicts });
  }
  return { standing, duplicates: duplicates.sort(byCopy), conflicts: conflicts.sort(byCopy) };
}

/** Events of one id, in the order of records. */
function compareCopies(
  alike: readonly StitchEvent[],
  found: { readonly standing: StitchEvent[]; readonly duplicates: Duplicate[]; readonly conflicts: Duplicate[] },
): void {
  const firstOfTopic = new Map<string, StitchEvent>();
  const firstOfBody = new Map<string, StitchEvent>();
  for (const event of alike) {
    const body = `${event.bodyHash} ${event.topic}`;
    const sameBody = firstOfBody.get(body);
    if (sameBody !== undefined) {
      found.duplicates.push({ of: sameBody, copy: event });
      continue;
    }
    const sameId = firstOfTopic.get(event.topic);
    if (sameId === undefined) firstOfTopic.set(event.topic, event);
    else found.conflicts.push({ of: sameId, copy: event });
    firstOfBody.set(body, event);
    found.standing.push(event);
  }
}

function byCopy(a: Duplicate, b: Duplicate): number {
  return compareByRecord(a.copy, b.copy);
}
