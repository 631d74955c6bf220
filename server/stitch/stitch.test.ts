import { describe, expect, it } from 'vitest';
import { EMPTY_TOPOLOGY, madeBy, recordKey, type StitchEvent, type StitchedTrace } from '../model/trace.ts';
import { eventsOf, type Sketch } from './events-of.test-support.ts';
import { stitch } from './stitch.ts';

const OPTIONS = { episodeGapMs: 30 * 60_000 };
const stitched = (...sketches: Sketch[]) => stitch(eventsOf(sketches), EMPTY_TOPOLOGY, OPTIONS);
const name = (event: StitchEvent | null) => (event === null ? '-' : (event.eventKey ?? `#${event.offset}`));
/** One hop a line: effect <- cause by evidence, time in ms, flags. */
const drawn = (trace: StitchedTrace) =>
  trace.hops.map(({ effect, cause, evidence, hopUs, flags }) =>
    [name(effect), '<-', name(cause), evidence, ...(hopUs === null ? [] : [hopUs / 1000]), ...flags].join(' '),
  );

describe('stitch', () => {
  it('follows causation ids, whatever the clocks and the services say', () => {
    const trace = stitched(
      { id: 'a', at: 0 },
      { id: 'b', at: 10, cause: 'a', service: 2 },
      { id: 'c', at: 20, cause: 'a', service: 3 },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 10', 'c <- a causation 20']);
  });

  it('infers the latest earlier event of another service where no cause is named', () => {
    const trace = stitched(
      { id: 'ask', at: 0, service: 1 },
      { id: 'stamp', at: 5, service: 2 },
      { id: 'assess', at: 9, service: 2 },
      { id: 'reply', at: 12, service: 1 },
    );
    expect(drawn(trace)).toEqual([
      'ask <- - root',
      'stamp <- ask order 5',
      'assess <- ask order 9',
      'reply <- assess order 3',
    ]);
  });

  it('falls back to the event before where only one service speaks', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 1 }, { id: 'c', at: 3 }))).toEqual([
      'a <- - root',
      'b <- a order 1',
      'c <- b order 2',
    ]);
  });

  it('prefers an event on a topic that the service consumes', () => {
    const topology = { ...EMPTY_TOPOLOGY, consumes: new Map([[3, new Set(['requests'])]]) };
    const events = eventsOf([
      { id: 'ask', at: 0, service: 1, topic: 'requests' },
      { id: 'noise', at: 5, service: 2, topic: 'metrics' },
      { id: 'answer', at: 9, service: 3, topic: 'responses' },
    ]);
    expect(drawn(stitch(events, topology, OPTIONS))).toContain('answer <- ask order 9');
  });

  it('keeps one of several copies and says which', () => {
    const trace = stitched(
      { id: 'a', at: 0, body: 7 },
      { id: 'b', at: 10, cause: 'a' },
      { id: 'a', at: 0, body: 7 },
      { id: 'a', at: 0, body: 7 },
    );
    expect(trace.events.map(name)).toEqual(['a', 'b']);
    expect(trace.duplicates.map(({ of, copy }) => [of.offset, copy.offset])).toEqual([
      [0n, 2n],
      [0n, 3n],
    ]);
  });

  it('lets both stand when the same id has another body, and says so', () => {
    const trace = stitched({ id: 'a', at: 0, body: 7 }, { id: 'a', at: 1, body: 8 });
    expect(trace.events).toHaveLength(2);
    expect(trace.duplicates).toEqual([]);
    expect(trace.conflicts.map(({ of, copy }) => [of.offset, copy.offset])).toEqual([[0n, 1n]]);
  });

  it('takes the same id on another topic for another event', () => {
    const trace = stitched({ id: 'a', at: 0, body: 7 }, { id: 'a', at: 1, body: 7, topic: 'retry' });
    expect(trace.events).toHaveLength(2);
    expect(trace.duplicates).toEqual([]);
  });

  it('reads a causation id equal to the correlation id as a root', () => {
    const trace = stitched(
      { id: 'a', at: 0, service: 1 },
      { id: 'b', at: 5, service: 2, cause: 'corr', rootMark: true },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- - root']);
  });

  it('follows it all the same when an event has the correlation id as its own id', () => {
    const trace = stitched({ id: 'corr', at: 0 }, { id: 'b', at: 5, cause: 'corr', rootMark: true });
    expect(drawn(trace)).toContain('b <- corr causation 5');
  });

  it('takes an event that names itself for one that names nothing', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 5, cause: 'b' }))).toContain('b <- a order 5');
  });

  it('infers a parent for an event whose named cause is not here, and flags it', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 5, cause: 'gone' }))).toContain(
      'b <- a order 5 dangling_cause',
    );
    expect(drawn(stitched({ id: 'b', at: 5, cause: 'gone' }))).toEqual(['b <- - root dangling_cause']);
  });

  it('keeps a negative hop and calls it clock skew', () => {
    expect(drawn(stitched({ id: 'a', at: 12 }, { id: 'b', at: 0, cause: 'a' }))).toEqual([
      'b <- a causation -12 clock_skew',
      'a <- - root',
    ]);
  });

  it('flags an inferred hop over an episode gap, and not a named one', () => {
    const hour = 3_600_000;
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: hour }))).toContain(`b <- a order ${hour} across_gap`);
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: hour, cause: 'a' }))).toContain(
      `b <- a causation ${hour}`,
    );
  });

  it('cuts a cycle of causes at its earliest event', () => {
    const trace = stitched(
      { id: 'a', at: 0, cause: 'c' },
      { id: 'b', at: 1, cause: 'a' },
      { id: 'c', at: 2, cause: 'b' },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 1', 'c <- b causation 1']);
  });

  it('never lets an inferred parent close a cycle under clock skew', () => {
    // b is caused by c, whose clock is ahead; order alone would make b the parent of c.
    const trace = stitched({ id: 'b', at: 0, cause: 'c', service: 1 }, { id: 'c', at: 5, service: 2 });
    expect(drawn(trace)).toEqual(['b <- c causation -5 clock_skew', 'c <- - root']);
  });

  it('breaks ties of the same instant by record timestamp, topic, partition, offset', () => {
    const tied = eventsOf([
      { at: 0, topic: 'b' },
      { at: 0, topic: 'a' },
      { at: 0, topic: 'a' },
    ]);
    const trace = stitch(tied, EMPTY_TOPOLOGY, OPTIONS);
    expect(trace.events.map((event) => event.offset)).toEqual([1n, 2n, 0n]);
  });

  it('refuses an empty trace', () => {
    expect(() => stitch([], EMPTY_TOPOLOGY, OPTIONS)).toThrow(RangeError);
  });
});

describe('spans', () => {
  it('make the event of the parent span the parent where no causation id does', () => {
    const trace = stitched(
      { id: 'a', at: 0, span: 1 },
      { id: 'x', at: 5, service: 2 },
      { id: 'b', at: 9, service: 3, span: 2, parentSpan: 1 },
    );
    expect(drawn(trace)).toContain('b <- a traceparent 9');
  });

  it('beat a mark of the root and a dangling causation id, which stays flagged', () => {
    const trace = stitched(
      { id: 'a', at: 0, span: 1 },
      { id: 'b', at: 5, parentSpan: 1, cause: 'corr', rootMark: true },
      { id: 'c', at: 6, parentSpan: 1, cause: 'gone' },
    );
    expect(drawn(trace).slice(1)).toEqual(['b <- a traceparent 5', 'c <- a traceparent 6 dangling_cause']);
  });

  it('mean the last event before the effect where several have one span', () => {
    const trace = stitched(
      { id: 'a', at: 0, span: 1 },
      { id: 'b', at: 5, span: 1 },
      { id: 'c', at: 6, parentSpan: 1 },
      { id: 'd', at: 8, span: 1 },
    );
    expect(drawn(trace)).toContain('c <- b traceparent 1');
  });

  it('say nothing where an event hangs on its own span', () => {
    expect(drawn(stitched({ id: 'a', at: 0 }, { id: 'b', at: 5, span: 1, parentSpan: 1 }))).toContain('b <- a order 5');
  });

  it('make links causes when nothing else is named', () => {
    expect(drawn(stitched({ id: 'a', at: 0, span: 1 }, { id: 'b', at: 5, links: [1, 7] }))).toContain('b <- a link 5');
  });
});

describe('several causes', () => {
  const joined = { id: 'd', at: 9, service: 4, cause: 'a', parentSpan: 2, links: [3, 2, 1] };

  it('are a parent and further causes, each once, the strongest evidence first', () => {
    const trace = stitched(
      { id: 'a', at: 0, span: 1 },
      { id: 'b', at: 5, span: 2, service: 2 },
      { id: 'c', at: 6, span: 3, service: 3 },
      joined,
    );
    expect(drawn(trace).slice(3)).toEqual(['d <- a causation 9', 'd <- b traceparent 4', 'd <- c link 3']);
    expect(trace.hops.map((hop) => hop.ordinal)).toEqual([0, 0, 0, 0, 1, 2]);
  });

  it('are one where the causation id and the parent span name the same event', () => {
    const trace = stitched({ id: 'a', at: 0, span: 1 }, { id: 'b', at: 5, cause: 'a', parentSpan: 1 });
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 5']);
  });

  it('do not count what hangs below the effect', () => {
    const trace = stitched(
      { id: 'a', at: 0 },
      { id: 'b', at: 5, cause: 'a', parentSpan: 3 },
      { id: 'c', at: 6, cause: 'b', span: 3 },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 5', 'c <- b causation 1']);
  });

  it('leave the next claim where the first would close a cycle', () => {
    const trace = stitched(
      { id: 'z', at: 0, span: 9 },
      { id: 'a', at: 1, cause: 'b', parentSpan: 9 },
      { id: 'b', at: 2, cause: 'a' },
    );
    expect(drawn(trace)).toEqual(['z <- - root', 'a <- z traceparent 1', 'b <- a causation 1']);
  });
});

describe('one cause of several events', () => {
  it('fans out: each has its hop', () => {
    const trace = stitched(
      { id: 'a', at: 0 },
      { id: 'b', at: 5, cause: 'a', service: 2, type: 'b' },
      { id: 'c', at: 6, cause: 'a', service: 3, type: 'c' },
    );
    expect(drawn(trace).slice(1)).toEqual(['b <- a causation 5', 'c <- a causation 6']);
  });
});

describe('roots', () => {
  it('are several where several events say so, each with what follows from it', () => {
    const trace = stitched(
      { id: 'a', at: 0, cause: 'corr', rootMark: true },
      { id: 'b', at: 1, cause: 'corr', rootMark: true },
      { id: 'c', at: 2, cause: 'a' },
      { id: 'd', at: 3, cause: 'b' },
    );
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- - root', 'c <- a causation 2', 'd <- b causation 2']);
  });

  it('are none where every event names another: the earliest is cut loose', () => {
    const trace = stitched({ id: 'a', at: 0, cause: 'b' }, { id: 'b', at: 0, cause: 'a' });
    expect(drawn(trace)).toEqual(['a <- - root', 'b <- a causation 0']);
  });
});

describe('inference', () => {
  const twoAsks = (more: Partial<Sketch>[] = []): Sketch[] => [
    { id: 'ask1', at: 0, service: 1, type: 'asked', topic: 'asks' },
    { id: 'ask2', at: 4, service: 1, type: 'asked', topic: 'asks' },
    { id: 'done1', at: 10, service: 2, type: 'done', topic: 'answers', ...more[0] },
    { id: 'done2', at: 14, service: 2, type: 'done', topic: 'answers', ...more[1] },
  ];
  const known = {
    ...EMPTY_TOPOLOGY,
    consumes: new Map([1, 2].map((id) => [id, new Set([id === 1 ? 'answers' : 'asks'])])),
  };

  it('matches first with first where events of one type follow each other before they are answered', () => {
    expect(drawn(stitch(eventsOf(twoAsks()), known, OPTIONS))).toEqual([
      'ask1 <- - root',
      'ask2 <- - root',
      'done1 <- ask1 order 10',
      'done2 <- ask2 order 10',
    ]);
  });

  it('leaves what a named cause has answered to nobody else of that service', () => {
    expect(drawn(stitch(eventsOf(twoAsks([{ cause: 'ask2' }])), known, OPTIONS)).slice(2)).toEqual([
      'done1 <- ask2 causation 6',
      'done2 <- ask1 order 14',
    ]);
  });

  it('gives up what is never answered, instead of being late by one ever after', () => {
    const turns = [0, 1, 2, 3, 4].flatMap((turn): Sketch[] => [
      { id: `ask${turn}`, at: turn * 100, service: 1, type: 'asked', topic: 'asks' },
      ...(turn === 2 ? [] : [{ id: `done${turn}`, at: turn * 100 + 10, service: 2, type: 'done', topic: 'answers' }]),
    ]);
    const hops = drawn(stitch(eventsOf(turns), known, OPTIONS));
    expect(hops.filter((hop) => hop.startsWith('done'))).toEqual(
      [0, 1, 3, 4].map((turn) => `done${turn} <- ask${turn} order 10`),
    );
  });

  it('takes the latest where many are summed up by one', () => {
    const items = [0, 1, 2, 3].map((at) => ({ id: `item${at}`, at, service: 1, type: 'item' }));
    expect(drawn(stitched(...items, { id: 'sum', at: 9, service: 2, type: 'sum' }))).toContain('sum <- item3 order 6');
  });

  it('follows the types that named causes have shown elsewhere', () => {
    const causeTypes = new Map([[madeBy(3, 3), new Set([1])]]);
    const events = eventsOf([
      { id: 'a', at: 0, service: 1, type: 'a' },
      { id: 'b', at: 5, service: 2, type: 'b' },
      { id: 'c', at: 9, service: 3, type: 'c' },
    ]);
    expect(drawn(stitch(events, { ...EMPTY_TOPOLOGY, causeTypes }, OPTIONS))).toContain('c <- a order 9');
  });

  it('asks about a cause with a clock ahead as of the time of what it caused', () => {
    const trace = stitched(
      { id: 'a', at: 0, service: 1, type: 'a' },
      { id: 'effect', at: 2, service: 3, type: 'effect', cause: 'ahead' },
      { id: 'x', at: 4, service: 1, type: 'x' },
      { id: 'ahead', at: 5, service: 2, type: 'ahead' },
    );
    expect(drawn(trace)).toContain('ahead <- a order 5');
  });

  it('is left out, and said to be, above 50,000 events: named causes still make hops', () => {
    const many = Array.from({ length: 50_001 }, (_, at) => ({ at }));
    const trace = stitched(...many, { id: 'a', at: 60_000 }, { id: 'b', at: 60_001, cause: 'a' });
    expect(trace.inferenceLeftOut).toBe(true);
    expect(trace.hops.map((hop) => hop.evidence).filter((evidence) => evidence !== 'root')).toEqual(['causation']);
    expect(trace.hops).toHaveLength(50_003);
    expect(stitched({ at: 0 }).inferenceLeftOut).toBe(false);
  });
});

describe('stages', () => {
  const failing: Sketch[] = [
    { id: 'c', at: 0, service: 1, type: 'c', topic: 'orders' },
    { id: 'e', at: 5, service: 2, type: 'e', topic: 'bills', body: 7 },
    { id: 'e', at: 9, service: 2, type: 'e', topic: 'bills.retry', body: 7 },
    { id: 'e', at: 15, service: 2, type: 'e', topic: 'bills.dlq', body: 7 },
    { id: 'f', at: 20, service: 3, type: 'f', topic: 'mail' },
  ];
  const offsets = (pair: { of: StitchEvent | null; event: StitchEvent }) => [
    pair.of?.offset ?? null,
    pair.event.offset,
  ];

  it('stand beside the event, however alike, and say what they are stages of', () => {
    const trace = stitched(...failing);
    expect(trace.events).toHaveLength(5);
    expect([trace.duplicates, trace.conflicts]).toEqual([[], []]);
    expect(trace.stages.map((stage) => [...offsets(stage), stage.kind])).toEqual([
      [1n, 2n, 'retry'],
      [1n, 3n, 'dead letter'],
    ]);
  });

  it('hang a retry on what caused the first try, a dead letter on its event, and nothing later on a dead letter', () => {
    expect(drawn(stitched(...failing))).toEqual([
      'c <- - root',
      'e <- c order 5',
      'e <- c order 9',
      'e <- e order 10',
      'f <- e order 11',
    ]);
    const causes = stitched(...failing).hops.map((hop) => hop.cause?.offset ?? null);
    expect(causes).toEqual([null, 0n, 0n, 1n, 2n]);
  });

  it('belong to the event on their own topic where other topics have the same id', () => {
    const trace = stitched(
      { id: 'e', at: 0, topic: 'mail' },
      { id: 'e', at: 1, topic: 'bills' },
      { id: 'e', at: 5, topic: 'bills-dlq' },
    );
    expect(trace.stages.map(offsets)).toEqual([[1n, 2n]]);
  });

  it('are never meant by a causation id or a span that the event has as well', () => {
    const trace = stitched(
      { id: 'e', at: 0, topic: 'bills-dlq', span: 1 },
      { id: 'e', at: 5, topic: 'bills', span: 1 },
      { id: 'f', at: 9, cause: 'e' },
      { id: 'g', at: 9, parentSpan: 1 },
    );
    expect(trace.hops.slice(2).map((hop) => hop.cause?.offset)).toEqual([1n, 1n]);
  });

  it('end with a dead letter as what became of the event, also when only its headers say so', () => {
    const outcomes = (...sketches: Sketch[]) => stitched(...sketches).outcomes.map(offsets);
    expect(outcomes(...failing)).toEqual([[1n, 3n]]);
    expect(outcomes({ id: 'a', at: 0 }, { id: 'b', at: 5, dead: true, cause: 'a' })).toEqual([[0n, 1n]]);
    expect(outcomes({ id: 'b', at: 5, dead: true })).toEqual([[null, 0n]]);
  });

  it('make a dead letter a cause only where nothing else is there', () => {
    expect(drawn(stitched({ id: 'b', at: 5, dead: true }, { id: 'c', at: 6, service: 2 }))).toContain('c <- b order 1');
  });
});

describe('tries', () => {
  const tries = (...sketches: Sketch[]) =>
    stitched(...sketches).attempts.map(({ of, event, number }) => `${name(of)} -> ${event.offset} is try ${number}`);

  it('are counted where the same service makes the same type again for the same cause', () => {
    expect(
      tries(
        { id: 'a', at: 0, service: 1, type: 'a' },
        { id: 'b', at: 5, service: 2, type: 'b', cause: 'a' },
        { id: 'x', at: 6, service: 3, type: 'b', cause: 'a' },
        { id: 'c', at: 7, service: 2, type: 'b', cause: 'a' },
        { id: 'd', at: 9, service: 2, type: 'b', cause: 'a' },
      ),
    ).toEqual(['b -> 3 is try 2', 'b -> 4 is try 3']);
  });

  it('are counted over retry topics by the event id, and a dead letter is none', () => {
    expect(
      tries(
        { id: 'a', at: 0, topic: 'bills' },
        { id: 'a', at: 5, topic: 'bills-retry-1' },
        { id: 'a', at: 9, topic: 'bills-retry-2' },
        { id: 'a', at: 12, topic: 'bills-dlq' },
      ),
    ).toEqual(['a -> 1 is try 2', 'a -> 2 is try 3']);
  });

  it('are not taken for effects of the try before', () => {
    const trace = stitched(
      { id: 'a', at: 0, service: 1, type: 'a' },
      { id: 'b1', at: 5, service: 2, type: 'b' },
      { id: 'b2', at: 9, service: 2, type: 'b' },
    );
    expect(drawn(trace)).toContain('b2 <- a order 9');
    expect(trace.attempts).toMatchObject([{ number: 2 }]);
  });
});

describe('sealed events', () => {
  it('have no hop and can be causes', () => {
    const events = eventsOf([
      { id: 'a', at: 0 },
      { id: 'b', at: 5, cause: 'a' },
      { id: 'c', at: 9, cause: 'b' },
    ]);
    const frozen = new Set(events.slice(0, 2).map(recordKey));
    expect(drawn(stitch(events, EMPTY_TOPOLOGY, { ...OPTIONS, frozen }))).toEqual(['c <- b causation 4']);
  });
});

describe('episodes', () => {
  const HOUR = 3_600_000;
  const trace = stitched(
    { id: 'a', at: 0 },
    { id: 'b', at: 4, cause: 'a' },
    { id: 'c', at: 6, cause: 'a' },
    { id: 'd', at: 16, cause: 'c' },
    { id: 'e', at: HOUR, cause: 'd' },
    { id: 'f', at: HOUR + 5, cause: 'e' },
  );
  const paths = trace.episodes.map(({ criticalPath }) =>
    criticalPath.map(({ event, waitUs, share }) => [name(event), waitUs / 1000, share]),
  );

  it('know how long they took and what lay between their events', () => {
    expect(trace.episodes.map((episode) => episode.durationUs)).toEqual([16_000, 5_000]);
    expect(trace.episodes.map((episode) => episode.waitsUs)).toEqual([[4_000, 2_000, 10_000], [5_000]]);
  });

  it('have a critical path: from the last event back by causes, no further than the episode goes', () => {
    expect(paths).toEqual([
      [
        ['a', 0, 0],
        ['c', 6, 0.375],
        ['d', 10, 0.625],
      ],
      [
        ['e', 0, 0],
        ['f', 5, 1],
      ],
    ]);
  });

  it('share out nothing for a wait that clocks turn negative', () => {
    const skewed = stitched({ id: 'b', at: 0, cause: 'c' }, { id: 'c', at: 5, cause: 'a' }, { id: 'a', at: 7 });
    expect(skewed.episodes[0]?.criticalPath.map(({ share }) => share)).toEqual([0]);
  });
});
