import { expect, test } from 'vitest';
import { outcomes } from './outcomes.ts';
import { traceEvent } from './trace-event.test-support.ts';
import { DEEPEST_INDENT, rowInWords, rowOf, rowsInSight, waterfall } from './waterfall-geometry.ts';

const options = { width: 400, trueScale: true, unfolded: new Set<string>(), outcomeOf: new Map() };

const conversation = [
  traceEvent('a', 0),
  traceEvent('b', 100, { id: 'a', hopMs: 100, evidence: 'order' }),
  traceEvent('c', 300, { id: 'b', hopMs: 200 }),
  traceEvent('d', 250, { id: 'b', hopMs: 150 }),
  traceEvent('e', 400, { id: 'c', hopMs: 100 }),
];

test('rows stand by cause, siblings by time', () => {
  const { rows } = waterfall(conversation, options);
  expect(rows.map((row) => [row.event.id, row.depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['d', 2],
    ['c', 2],
    ['e', 3],
  ]);
  expect(rows.map((row) => row.x)).toEqual([0, 100, 250, 300, 400]);
  expect(rows.map((row) => row.causeX)).toEqual([null, 0, 100, 100, 300]);
});

test('the picture does not depend on the order of the list', () => {
  const ids = (list: typeof conversation) => waterfall(list, options).rows.map((row) => row.event.id);
  expect(ids([...conversation].reverse())).toEqual(ids(conversation));
});

test('the critical path is the chain to the last event', () => {
  const { rows } = waterfall(conversation, options);
  expect(rows.filter((row) => row.critical).map((row) => row.event.id)).toEqual(['a', 'b', 'c', 'e']);
});

test('an inferred hop is marked, and a guide passes siblings that follow', () => {
  const { rows } = waterfall(conversation, options);
  expect(rows[1]).toMatchObject({ inferred: true, guide: 'dashed' });
  expect(rows[2]?.through).toEqual([null, 'solid']);
  expect(rows[3]?.through).toEqual([null, null]);
});

test('a negative hop is said and not counted, a missing cause is named', () => {
  const { rows } = waterfall(
    [
      traceEvent('a', 0),
      traceEvent('b', -12, { id: 'a', hopMs: -12, flags: ['clock_skew'] }),
      traceEvent('c', 5, undefined, { dangling_cause: true, causation_id: '7fd4bc26-0000' }),
    ],
    options,
  );
  const words = new Map(rows.map((row) => [row.event.id, [row.kind, row.label]]));
  expect(words.get('b')).toEqual(['negative', '−12 ms clock skew, not counted']);
  expect(words.get('c')).toEqual(['dangling', 'cause not stored: 7fd4bc26']);
});

test('many leaves alike fold into one row and unfold on demand', () => {
  const steps = Array.from({ length: 5 }, (_, i) =>
    traceEvent(`s${i}`, i + 1, { id: 'a', hopMs: i + 1 }, { event_type: 'step' }),
  );
  const folded = waterfall([traceEvent('a', 0), ...steps], options).rows;
  expect(folded.map((row) => row.alike.length)).toEqual([1, 5]);
  expect(waterfall([traceEvent('a', 0), ...steps], { ...options, unfolded: new Set(['s0']) }).rows).toHaveLength(6);
});

test('an event is found at the row that stands for it, also among others alike', () => {
  const steps = [1, 2, 3, 4].map((ms) => traceEvent(`s${ms}`, ms, { id: 'a', hopMs: ms }, { event_type: 'step' }));
  const { rows } = waterfall([traceEvent('a', 0), ...steps], options);
  expect(['a', 's1', 's3', 'none', null].map((id) => rowOf(rows, id))).toEqual([0, 1, 1, -1, -1]);
  // The path ends in the last of them.
  expect(rows.map((row) => row.critical)).toEqual([true, true]);
});

test('what breaks its schema or became a dead letter is not folded away among leaves that did not', () => {
  const broken = { status: 'violation', schema: null, errors: [], complete: true } as const;
  const steps = Array.from({ length: 12 }, (_, i) =>
    traceEvent(
      `s${i}`,
      i + 1,
      { id: 'a', hopMs: i + 1 },
      { event_type: 'step', ...(i % 3 === 1 && { schema: broken }) },
    ),
  );
  const outcomeOf = new Map([['s3', traceEvent('letter', 99)]]);
  const { rows } = waterfall([traceEvent('a', 0), ...steps], { ...options, outcomeOf });
  expect(rows.map((row) => row.alike.map(({ id }) => id).join(' '))).toEqual([
    'a',
    's0 s2 s5 s6 s8 s9 s11',
    's1 s4 s7 s10',
    's3',
  ]);
  expect(rows.find(({ event }) => event.id === 's3')?.outcome?.id).toBe('letter');
});

test('a label without room at the right stands left of its bar', () => {
  const { rows } = waterfall(conversation, options);
  expect(rows.at(-1)).toMatchObject({ labelAnchor: 'end', labelX: 287 });
  expect(rows[1]?.labelAnchor).toBe('start');
});

test('what became of an event is cut to the room beside its point, and left out where that says nothing', () => {
  const reason = 'x'.repeat(200);
  const letter = traceEvent(
    'd',
    1000,
    { id: 'b', hopMs: 600 },
    { topic: 'orders.dlq', dead_letter: { reason, retries: null, original: null } },
  );
  const dead = [traceEvent('a', 0), traceEvent('b', 400, { id: 'a', hopMs: 400 }), letter];
  const outcomeOf = outcomes(dead);
  const labelAt = (width: number) => waterfall(dead, { ...options, width, outcomeOf }).rows[1];
  for (const width of [120, 300, 420, 900]) {
    const { label = '', outcomeLabel = '', labelX = 0, labelAnchor } = labelAt(width) ?? {};
    const size = (label.length + (outcomeLabel === '' ? 0 : outcomeLabel.length + 2)) * 6.6;
    const [from, to] = labelAnchor === 'end' ? [labelX - size, labelX] : [labelX, labelX + size];
    expect([from >= 0, to <= width], `${width} px: ${from}–${to}`).toEqual([true, true]);
  }
  expect(labelAt(900)?.outcomeLabel).toMatch(/^dead-lettered on orders.dlq, x+…$/);
  expect(labelAt(420)?.outcomeLabel).toMatch(/^dead-lettered on .*…$/);
  expect(labelAt(120)?.outcomeLabel).toBe('');
});

test('a chain of 5,000 causes and a cycle of causes are drawn, each event once', () => {
  const chain = Array.from({ length: 5_000 }, (_, i) =>
    traceEvent(`n${i}`, i, i === 0 ? undefined : { id: `n${i - 1}`, hopMs: 1 }),
  );
  const rows = waterfall(chain, options).rows;
  expect(rows).toHaveLength(5_000);
  expect(rows.at(-1)).toMatchObject({ depth: 4_999, beyond: 4_999 - DEEPEST_INDENT });
  const cycle = [traceEvent('x', 0, { id: 'y', hopMs: 1 }), traceEvent('y', 1, { id: 'x', hopMs: 1 })];
  expect(waterfall(cycle, options).rows.map((row) => row.event.id)).toEqual(['x', 'y']);
});

test('of many rows only those in sight are drawn', () => {
  expect(rowsInSight(80, 0, 300)).toEqual({ from: 0, to: 80 });
  expect(rowsInSight(5_000, 28_000, 560)).toEqual({ from: 990, to: 1030 });
  expect(rowsInSight(5_000, 1e9, 560).to).toBe(5_000);
});

test('a row is read out with its hop and its evidence', () => {
  const row = waterfall(conversation, options).rows[1];
  if (row === undefined) throw new Error('no row');
  expect(rowInWords(row, 'type-a')).toBe('type-b, svc, 100 ms after type-a, inferred by order');
});

test('what became of an event stands at its row and in its words', () => {
  const letter = traceEvent('x', 500, undefined, {
    topic: 'orders.dlq',
    dead_letter: { reason: 'no stock', retries: null, original: null },
  });
  const { rows } = waterfall(conversation, { ...options, width: 900, outcomeOf: new Map([['b', letter]]) });
  const said = rows.find(({ event }) => event.id === 'b');
  expect(said?.outcomeLabel).toBe('dead-lettered on orders.dlq, no stock');
  expect(said === undefined ? null : rowInWords(said, 'a')).toContain(', dead-lettered on orders.dlq, no stock');
  expect(rows.filter(({ outcome }) => outcome !== null)).toHaveLength(1);
});
