import { type Attempt, madeBy, type StitchEvent } from '../model/trace.ts';
import type { StageOf } from './find-stages.ts';

/**
 * The second and later tries, in canonical order: the same type again by the same service with the same parent, and the
 * same event on a retry topic. A dead letter is no try.
 */
export function findAttempts(
  ordered: readonly StitchEvent[],
  parentAt: readonly number[],
  stageOf: StageOf,
): readonly Attempt[] {
  const tries = new Map<string, { readonly first: StitchEvent; count: number }>();
  const attempts: Attempt[] = [];
  ordered.forEach((event, place) => {
    if (event.deadLetter) return;
    const key = keyOf(place, ordered, parentAt, stageOf);
    const before = tries.get(key);
    if (before === undefined) tries.set(key, { first: event, count: 1 });
    else attempts.push({ of: before.first, event, number: ++before.count });
  });
  return attempts;
}

function keyOf(place: number, ordered: readonly StitchEvent[], parentAt: readonly number[], stageOf: StageOf): string {
  const of = stageOf[place] ?? -1;
  const tried = of >= 0 ? of : place;
  const event = ordered[tried];
  const parent = parentAt[tried] ?? -1;
  return event === undefined || parent < 0 ? `alone ${tried}` : `${parent} ${madeBy(event.serviceId, event.typeId)}`;
}
