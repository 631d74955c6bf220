import { describe, expect, it } from 'vitest';
import { eventsOf } from './events-of.test-support.ts';
import { splitEpisodes } from './split-episodes.ts';

const times = (...at: number[]) =>
  splitEpisodes(eventsOf(at.map((ms) => ({ at: ms }))), 30).map((events) => events.map((e) => e.occurredAt / 1000));

describe('splitEpisodes', () => {
  it('begins another episode after a pause longer than the gap, and not after one as long as it', () => {
    expect(times(0, 30, 61, 70)).toEqual([
      [0, 30],
      [61, 70],
    ]);
  });

  it('finds none in no events', () => {
    expect(times()).toEqual([]);
  });
});
