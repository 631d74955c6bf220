import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY } from '../model/trace.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { stitch } from './stitch.ts';

const ask = { type: 'price-requested', service: 1 };
const answer = { type: 'price-completed', service: 2 };
const pairs = (...sketches: Sketch[]) =>
  stitch(eventsOf(sketches), EMPTY_TOPOLOGY, { episodeGapMs: 1000 }).replies.map(
    ({ request, reply }) => `${request.eventKey} ${reply.eventKey}`,
  );

describe('requests and replies', () => {
  it('belong together by descent, whatever lies between and whatever came first', () => {
    expect(
      pairs(
        { ...ask, id: 'q1', at: 0 },
        { ...ask, id: 'q2', at: 1 },
        { id: 'x', at: 2, cause: 'q1', service: 3 },
        { ...answer, id: 'r2', at: 3, cause: 'q2' },
        { ...answer, id: 'r1', at: 4, cause: 'x' },
      ),
    ).toEqual(['q2 r2', 'q1 r1']);
  });

  it('take the nearest request above', () => {
    expect(
      pairs(
        { ...ask, id: 'outer', at: 0 },
        { ...ask, id: 'inner', at: 1, cause: 'outer' },
        { ...answer, id: 'r', at: 2, cause: 'inner' },
      ),
    ).toEqual(['inner r']);
  });

  it('may be several to one request', () => {
    expect(
      pairs(
        { ...ask, id: 'q', at: 0 },
        { ...answer, type: 'price-failed', id: 'f', at: 1, cause: 'q' },
        { ...answer, id: 'r', at: 2, cause: 'q' },
      ),
    ).toEqual(['q f', 'q r']);
  });

  const marked = { cause: 'corr', rootMark: true };

  it('without descent are matched with the nearest earlier request that nothing answers', () => {
    expect(
      pairs(
        { ...ask, ...marked, id: 'q1', at: 0 },
        { ...ask, ...marked, id: 'q2', at: 1 },
        { ...answer, id: 'r2', at: 2, cause: 'q2' },
        { ...answer, ...marked, id: 'r1', at: 3 },
        { ...answer, ...marked, id: 'r0', at: 4 },
      ),
    ).toEqual(['q2 r2', 'q1 r1']);
  });

  it('do not pair over the end of an episode, and not with dead letters', () => {
    expect(pairs({ ...ask, ...marked, id: 'q', at: 0 }, { ...answer, ...marked, id: 'r', at: 2000 })).toEqual([]);
    expect(pairs({ ...ask, id: 'q', at: 0, dead: true }, { ...answer, id: 'r', at: 2, cause: 'q' })).toEqual([]);
  });
});
