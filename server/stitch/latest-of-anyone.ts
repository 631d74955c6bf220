import type { StitchEvent } from '../model/trace.ts';

/** The latest event before another one, where nothing is known of who consumes what. */
export interface LatestOfAnyone {
  see(place: number): void;
  /** The latest of another service than this effect's, else the latest; -1 before the first. */
  before(effect: number): number;
}

/** Remembers two places: the latest, and the latest of another service than that one's. */
export function latestOfAnyone(ordered: readonly StitchEvent[]): LatestOfAnyone {
  const serviceAt = (place: number) => ordered[place]?.serviceId ?? null;
  let latest = -1;
  let latestOfAnother = -1;
  return {
    see(place) {
      if (latest >= 0 && serviceAt(latest) !== serviceAt(place)) latestOfAnother = latest;
      latest = place;
    },
    before(effect) {
      const other = serviceAt(latest) === serviceAt(effect) ? latestOfAnother : latest;
      return other >= 0 ? other : latest;
    },
  };
}
