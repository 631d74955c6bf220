import { expect, test } from 'vitest';
import type { StallWire } from '@/server/model/stall-wire.ts';
import { missingLabel, missingRow } from './missing-row.ts';
import { traceEvent } from './trace-event.test-support.ts';
import { ROW_PX, waterfall } from './waterfall-geometry.ts';

const events = [traceEvent('a', 0), traceEvent('b', 1000, { id: 'a', hopMs: 1000 })];
const begin = Date.parse(events[0]?.occurred_at ?? '');
const nowMs = begin + 300_000;
const stall: StallWire = {
  ...{ since: events[1]?.occurred_at ?? '', due_at: '', groups: [] },
  step: { event_type: 'type-b', topic: 't', id: 'b' },
  missing: { event_type: 'type-c', service: 'svc' },
  basis: { kind: 'learned', flow: null, traces: 20, followed: 20, typical_ms: 900, p95_ms: 1900 },
  whose: { service: 'svc', system: null, owner: null },
};
const draw = (width = 800) =>
  waterfall(events, { width, trueScale: false, unfolded: new Set<string>(), outcomeOf: new Map(), untilMs: nowMs });

test('a missing event stands last, under its step, from then until now', () => {
  const drawn = draw();
  const row = missingRow(stall, drawn, nowMs);
  expect(row.index).toBe(2);
  expect(row.x0).toBe(drawn.rows[1]?.x);
  expect(row.x1).toBeCloseTo(drawn.scale.width, 5);
  expect(row.indent).toBeGreaterThan(drawn.rows[1]?.indent ?? Number.NaN);
  expect(row.guide).toContain(`V${2 * ROW_PX + ROW_PX / 2}`);
});

test('a long wait is folded, so that the events before it stay apart', () => {
  const { rows, scale } = draw();
  expect(scale.folds).toHaveLength(1);
  expect((rows[1]?.x ?? 0) - (rows[0]?.x ?? 0)).toBeGreaterThan(500);
});

test('its label says how soon it usually comes, where that is known', () => {
  expect(missingLabel(stall)).toBe('not here yet, usually 1.90 s p95');
  expect(missingLabel({ basis: { ...stall.basis, p95_ms: null } })).toBe('not here yet');
  expect(missingRow(stall, draw(), nowMs).labelAnchor).toBe('end');
});

test('its label stands inside the bar where it has no room beside it', () => {
  const atOnce = {
    ...stall,
    since: events[0]?.occurred_at ?? '',
    step: { ...stall.step, id: 'a', event_type: 'type-a' },
  };
  const drawn = draw();
  const { x0, x1, labelX, labelPx, labelAnchor } = missingRow(atOnce, drawn, nowMs, 68);
  expect([labelAnchor, labelX]).toEqual(['middle', (x0 + x1) / 2]);
  expect(labelX - labelPx / 2).toBeGreaterThan(x0);
  expect(missingRow(atOnce, drawn, nowMs, 300).labelAnchor).toBe('start');
});

test('without its step among the rows it still stands on the scale', () => {
  const unknown = { ...stall, step: { ...stall.step, id: null, event_type: 'other' } };
  expect(missingRow(unknown, draw(80), nowMs)).toMatchObject({ guide: null, labelAnchor: 'start' });
});
