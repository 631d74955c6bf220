import type { StitchEvent } from '../model/trace.ts';

/** What an event says about its cause. `named`: the event with that id; `dangling`: an id that no event here has. */
export type NamedCause =
  | { readonly kind: 'named'; readonly cause: StitchEvent }
  | { readonly kind: 'root' }
  | { readonly kind: 'dangling' }
  | { readonly kind: 'silent' };

/**
 * The cause each event names by its causation id. A causation id equal to the correlation id marks a root, unless an
 * event of the trace has that very id; one equal to the event's own id says nothing. Where several events carry the named id (a conflict), the first in `events` is meant.
 * Cycles are cut at their earliest event, whose claim is then unbelievable: it counts as silent.
 */
export function namedCauses(events: readonly StitchEvent[]): Map<StitchEvent, NamedCause> {
  const byId = new Map<string, StitchEvent>();
  for (const event of events) {
    if (event.eventKey !== null && !byId.has(event.eventKey)) byId.set(event.eventKey, event);
  }
  const causes = new Map(events.map((event) => [event, causeOf(event, byId)] as const));
  for (const event of earliestOfCycles(events, causes)) causes.set(event, { kind: 'silent' });
  return causes;
}

function causeOf(event: StitchEvent, byId: ReadonlyMap<string, StitchEvent>): NamedCause {
  if (event.causationKey === null) return { kind: 'silent' };
  const self = event.causationKey === event.eventKey;
  const cause = self ? undefined : byId.get(event.causationKey);
  if (cause !== undefined) return { kind: 'named', cause };
  if (event.causationIsCorrelation) return { kind: 'root' };
  return self ? { kind: 'silent' } : { kind: 'dangling' };
}

/** Each event has at most one named cause, so every cycle is met once by walking causes; `events` is in order. */
function earliestOfCycles(
  events: readonly StitchEvent[],
  causes: ReadonlyMap<StitchEvent, NamedCause>,
): readonly StitchEvent[] {
  const walkOf = new Map<StitchEvent, number>();
  const position = new Map(events.map((event, index) => [event, index]));
  const earliest: StitchEvent[] = [];
  events.forEach((start, walk) => {
    let here: StitchEvent | null = start;
    while (here !== null && !walkOf.has(here)) {
      walkOf.set(here, walk);
      here = namedBy(causes.get(here));
    }
    if (here !== null && walkOf.get(here) === walk) earliest.push(earliestOnCycle(here, causes, position));
  });
  return earliest;
}

function earliestOnCycle(
  entry: StitchEvent,
  causes: ReadonlyMap<StitchEvent, NamedCause>,
  position: ReadonlyMap<StitchEvent, number>,
): StitchEvent {
  let best = entry;
  for (let here = namedBy(causes.get(entry)); here !== null && here !== entry; here = namedBy(causes.get(here))) {
    if ((position.get(here) ?? 0) < (position.get(best) ?? 0)) best = here;
  }
  return best;
}

function namedBy(cause: NamedCause | undefined): StitchEvent | null {
  return cause?.kind === 'named' ? cause.cause : null;
}
