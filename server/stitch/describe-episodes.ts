import { criticalSteps } from '../model/critical-path.ts';
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

/** From the last event back by parents as far as they lie in the episode. */
function criticalPath(events: readonly StitchEvent[], parentOf: (at: number) => number): readonly PathStep[] {
  // Under clock skew a parent may lie in an episode behind this one.
  const inEpisode = (at: number) => (parentOf(at) < events.length ? parentOf(at) : -1);
  const { steps } = criticalSteps(events.length - 1, inEpisode, (at) => events[at]?.occurredAt ?? 0);
  return steps.flatMap(({ at, wait, share }) => {
    const event = events[at];
    return event === undefined ? [] : { event, waitUs: wait, share };
  });
}
