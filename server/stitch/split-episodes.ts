import type { StitchEvent } from '../model/trace.ts';

/**
 * The stretches of a trace between pauses longer than `gapMs`: events in canonical order in, the same events in
 * stretches out, none empty. A pause is measured by occurred-at.
 */
export function splitEpisodes(ordered: readonly StitchEvent[], gapMs: number): readonly (readonly StitchEvent[])[] {
  const episodes: StitchEvent[][] = [];
  for (const event of ordered) {
    const current = episodes.at(-1);
    const before = current?.at(-1);
    if (current === undefined || before === undefined || event.occurredAt - before.occurredAt > gapMs * 1000) {
      episodes.push([event]);
    } else current.push(event);
  }
  return episodes;
}
