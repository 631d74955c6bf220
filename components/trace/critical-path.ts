import { instantMs } from '@/components/ui/format-instant.ts';
import { criticalSteps } from '@/server/model/critical-path.ts';
import type { TraceEvent } from '@/server/model/wire.ts';

/** One hop of the critical path. */
export interface PathShare {
  readonly event: TraceEvent;
  readonly hopMs: number;
  /** Part of the path's whole time, 0..1. */
  readonly share: number;
}

export interface CriticalPath {
  /** Ids of the events on the path, its first event included. */
  readonly ids: ReadonlySet<string>;
  /** From the first hop to the last. Hops without positive time are left out. */
  readonly shares: readonly PathShare[];
  readonly totalMs: number;
  /** It begins with an event whose cause is not among these. */
  readonly leaves: boolean;
}

/** The chain of causes that ends in the last of these events: what the trace's length is made of. */
export function criticalPath(events: readonly TraceEvent[]): CriticalPath {
  const times = events.map((event) => instantMs(event.occurred_at));
  const last = times.reduce((latest, ms, at) => (ms >= (times[latest] ?? ms) ? at : latest), events.length - 1);
  const placeOf = new Map(events.map((event, at) => [event.id, at]));
  const { steps, whole } = criticalSteps(
    last,
    (at) => placeOf.get(events[at]?.parent?.id ?? '') ?? -1,
    (at) => times[at] ?? 0,
  );
  const path = steps.flatMap(({ at, wait, share }) => {
    const event = events[at];
    return event === undefined ? [] : { event, hopMs: wait, share };
  });
  const first = path[0]?.event;
  return {
    ids: new Set(path.map(({ event }) => event.id)),
    shares: path.filter(({ hopMs }) => hopMs > 0),
    totalMs: whole,
    leaves: first !== undefined && first.parent !== null && !placeOf.has(first.parent.id),
  };
}
