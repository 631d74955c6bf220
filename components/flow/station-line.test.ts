import { expect, test } from 'vitest';
import type { Station } from '@/server/model/wire.ts';
import { stationLine } from './station-line.ts';

const station = (
  event_type: string,
  at_ms: number,
  evidence: Station['evidence'] = 'causation',
  service = 'svc',
): Station => ({ event_type, at_ms, evidence, service });

test('stations stand at their times', () => {
  const { stations } = stationLine([station('a', 0, null), station('b', 500), station('c', 1000)], 412);
  expect(stations.map((s) => s.x)).toEqual([6, 206, 406]);
});

test('stations of one moment stay apart and in order, however many', () => {
  const xs = stationLine(
    Array.from({ length: 40 }, (_, i) => station(`t${i}`, 0)),
    300,
  ).stations.map((s) => s.x);
  for (const [i, x] of xs.entries()) if (i > 0) expect(x).toBeGreaterThan(xs[i - 1] ?? 0);
  expect(xs.at(-1)).toBeLessThanOrEqual(300);
});

test('an inferred step is dashed', () => {
  const { links } = stationLine([station('a', 0, null), station('b', 1, 'order'), station('c', 2)], 400);
  expect(links.map((link) => link.inferred)).toEqual([true, false]);
});

test('labels never overlap and a long name is left out before it runs over', () => {
  const line = Array.from({ length: 12 }, (_, i) => station(`SOME_LONG_EVENT_TYPE_${i}`, i * 10));
  const drawn = stationLine(line, 600).stations.filter((s) => s.typeLabel !== null);
  expect(drawn.length).toBeGreaterThan(1);
  expect(drawn.length).toBeLessThan(12);
  const spans = drawn.map((s) => {
    const size = (s.typeLabel ?? '').length * 6.5;
    return s.anchor === 'end' ? [s.x + 6 - size, s.x + 6] : [s.x - 6, s.x - 6 + size];
  });
  for (const [i, [from = 0]] of spans.entries()) if (i > 0) expect(from).toBeGreaterThan(spans[i - 1]?.[1] ?? 0);
});

test('a service is written where it changes', () => {
  const { stations } = stationLine(
    [station('a', 0, null, 'one'), station('b', 400, 'causation', 'one'), station('c', 800, 'causation', 'two')],
    800,
  );
  expect(stations.map((s) => s.serviceLabel)).toEqual(['one', null, 'two']);
});

test('a trace of one event is one station', () => {
  expect(stationLine([station('a', 0, null)], 300)).toMatchObject({ links: [], stations: [{ x: 6, typeLabel: 'a' }] });
});
