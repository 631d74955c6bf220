import type { Episode, PathStep, StitchEvent } from '../model/trace.ts';

/** Times of a trace's episodes. `parentAt` has for each event's place that of its parent, or -1. */
export function describeEpisodes(
  episodes: readonly (readonly StitchEvent[])[],
  parentAt: readonly number[],
): readonly Episode[] {
  let begin = 0;
  return episodes.flatMap((events) => {
    const from = begin;
    begin += events.length;
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return [];
    const waitsUs = events.slice(1).map((event, at) => event.occurredAt - (events[at]?.occurredAt ?? 0));
    return {
      events,
      startedAt: first.occurredAt,
      endedAt: last.occurredAt,
      durationUs: last.occurredAt - first.occurredAt,
      waitsUs,
      criticalPath: criticalPath(events, (at) => (parentAt[from + at] ?? -1) - from),
    };
  });
}

/**
 * From the last event back by parents as far as they lie in the episode.
 *
 *     a ───────> c ──> e      e is the last: its path is a, c, e; what b and d took made nobody wait.
 *       └─> b      └> d
 */
function criticalPath(events: readonly StitchEvent[], parentOf: (at: number) => number): readonly PathStep[] {
  const path: StitchEvent[] = [];
  let at = events.length - 1;
  for (let event = events[at]; event !== undefined; event = events[at]) {
    path.push(event);
    at = parentOf(at);
  }
  path.reverse();
  const waitsUs = path.map((event, step) => event.occurredAt - (path[step - 1] ?? event).occurredAt);
  const wholeUs = waitsUs.reduce((sum, waitUs) => sum + Math.max(0, waitUs), 0);
  return path.map((event, step) => {
    const waitUs = waitsUs[step] ?? 0;
    return { event, waitUs, share: wholeUs === 0 ? 0 : Math.max(0, waitUs) / wholeUs };
  });
}
