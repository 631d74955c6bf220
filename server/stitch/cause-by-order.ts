import type { StitchEvent, Topology } from '../model/trace.ts';

/** Gives events, asked in canonical order, the cause that order alone suggests. */
export interface CauseByOrder {
  /**
   * The latest earlier event on a topic that this event's service consumes; else the latest earlier event of another
   * service; else the latest earlier event; null for the first. Candidates `refuse` rejects are passed over. Must be
   * called once per event, in canonical order.
   */
  next(event: StitchEvent, refuse: (candidate: StitchEvent) => boolean): StitchEvent | null;
}

/**
 * Keeps the latest event per topic and service, so the usual question costs a few look-ups whatever the trace's size.
 * Only when the best candidate is refused does it walk back over the events before.
 */
export function causeByOrder(topology: Topology): CauseByOrder {
  const earlier: StitchEvent[] = [];
  const latestOnTopic = new Map<string, number>();
  let latest = -1;
  let latestOfAnother = -1;

  const remember = (event: StitchEvent): void => {
    const index = earlier.push(event) - 1;
    if (latest >= 0 && earlier[latest]?.serviceId !== event.serviceId) latestOfAnother = latest;
    latest = index;
    latestOnTopic.set(event.topic, index);
  };

  const best = (event: StitchEvent): number => {
    const consumed = event.serviceId === null ? undefined : topology.consumes.get(event.serviceId);
    let index = -1;
    for (const topic of consumed ?? []) index = Math.max(index, latestOnTopic.get(topic) ?? -1);
    if (index >= 0) return index;
    const other = earlier[latest]?.serviceId === event.serviceId ? latestOfAnother : latest;
    return other >= 0 ? other : latest;
  };

  return {
    next(event, refuse) {
      const first = earlier[best(event)];
      const cause =
        first === undefined || !refuse(first) ? (first ?? null) : walkBack(event, earlier, topology, refuse);
      remember(event);
      return cause;
    },
  };
}

/** The same rule, spelled out: it is the oracle of the fast path's test, and the answer where candidates are refused. */
export function walkBack(
  event: StitchEvent,
  earlier: readonly StitchEvent[],
  topology: Topology,
  refuse: (candidate: StitchEvent) => boolean,
): StitchEvent | null {
  const allowed = earlier.filter((candidate) => !refuse(candidate));
  const consumed = event.serviceId === null ? undefined : topology.consumes.get(event.serviceId);
  return (
    allowed.findLast((candidate) => consumed?.has(candidate.topic) === true) ??
    allowed.findLast((candidate) => candidate.serviceId !== event.serviceId) ??
    allowed.at(-1) ??
    null
  );
}
