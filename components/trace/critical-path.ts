import { instantMs } from '@/components/ui/format-instant.ts';
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
}

/** The chain of causes that ends in the trace's last event: what the trace's length is made of. */
export function criticalPath(events: readonly TraceEvent[]): CriticalPath {
  const byId = new Map(events.map((event) => [event.id, event]));
  let at: TraceEvent | undefined;
  for (const event of events)
    if (at === undefined || instantMs(event.occurred_at) >= instantMs(at.occurred_at)) at = event;
  const ids = new Set<string>();
  const hops: { event: TraceEvent; hopMs: number }[] = [];
  while (at !== undefined && !ids.has(at.id)) {
    ids.add(at.id);
    if (at.parent !== null && byId.has(at.parent.id) && at.parent.hop_ms > 0)
      hops.unshift({ event: at, hopMs: at.parent.hop_ms });
    at = at.parent === null ? undefined : byId.get(at.parent.id);
  }
  const totalMs = hops.reduce((sum, hop) => sum + hop.hopMs, 0);
  return { ids, shares: hops.map((hop) => ({ ...hop, share: hop.hopMs / totalMs })), totalMs };
}
