import { type Episode, type EpisodeType, MOST_EPISODE_TYPES } from '../model/episode.ts';
import type { StitchEvent } from '../model/trace.ts';

/** What is kept of a trace's newest episode, from its events in canonical order; null without any. */
export function newestEpisode(events: readonly StitchEvent[]): Episode | null {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return null;
  const at = first.occurredAt;
  const types = new Map<number, EpisodeType>();
  for (const { typeId, occurredAt, recordedAt, serviceId, incarnationId } of events) {
    if (types.has(typeId)) continue;
    if (types.size === MOST_EPISODE_TYPES) break;
    const us = occurredAt - at;
    types.set(typeId, { typeId, us, seenUs: Math.max(us, recordedAt - at), serviceId, incarnationId });
  }
  return {
    at,
    types: [...types.values()],
    lastTypeId: last.typeId,
    deadLetter: events.some((event) => event.deadLetter === true),
  };
}
