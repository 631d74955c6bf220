import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY } from '../model/trace.ts';
import { eventsOf } from '../stitch/events-of.test-support.ts';
import { stitch } from '../stitch/stitch.ts';
import { measureTrace } from './measure-trace.ts';

const MINUTE = 60_000;
const measured = (...sketches: Parameters<typeof eventsOf>[0]) =>
  measureTrace(
    stitch(eventsOf(sketches), EMPTY_TOPOLOGY, { episodeGapMs: 30 * MINUTE }),
    (topic) => `family of ${topic}`,
  );
const drawn = (all: ReturnType<typeof measured>, kind: string) =>
  all.flatMap(({ hop, series }) =>
    series.kind === kind ? [[hop.hopUs === null ? null : hop.hopUs / 1000, series.evidence]] : [],
  );

describe('measureTrace', () => {
  it('gives each hop, roots without a time', () => {
    const all = measured({ id: 'a', at: 0 }, { id: 'b', at: 10, cause: 'a' }, { id: 'c', at: 25, service: 2 });
    expect(drawn(all, 'hop')).toEqual([
      [null, 'root'],
      [10, 'causation'],
      [15, 'order'],
    ]);
    expect(all[1]?.series).toMatchObject({ causeFamily: 'family of events', effectFamily: 'family of events' });
  });

  it('measures each episode of two events or more from its first to its last', () => {
    const again = 60 * MINUTE;
    const all = measured(
      { id: 'a', at: 0 },
      { id: 'b', at: 40, cause: 'a' },
      { id: 'c', at: again, cause: 'b' },
      { id: 'd', at: again + 7, service: 2 },
      { id: 'e', at: 3 * again },
    );
    expect(drawn(all, 'flow')).toEqual([
      [40, 'causation'],
      [7, 'order'],
    ]);
  });

  it('measures a reply since its request', () => {
    const all = measured(
      { id: 'a', at: 0, type: 'codegen.validate.request' },
      { id: 'b', at: 5, cause: 'a', type: 'codegen.validate.queued', service: 2 },
      { id: 'c', at: 90, cause: 'b', type: 'codegen.validate.response', service: 2 },
    );
    expect(drawn(all, 'reply')).toEqual([[90, 'causation']]);
  });
});
