import { describe, expect, it } from 'vitest';
import { micros } from '../model/time.ts';
import type { FieldQuery, FieldRow } from '../ports/field-counts.ts';
import { type FieldType, typeSetOf } from '../schema/field-types.ts';
import { createDriftReader } from './drift-reader.ts';

const HOUR_US = 3_600_000_000;
const NOON = micros(Date.UTC(2026, 2, 1, 12) * 1000);
const MIDDLE = micros(NOON + 1_800_000_000);

interface Sketch {
  readonly step: number;
  readonly path?: string;
  readonly type?: FieldType;
  readonly events: number;
  readonly service?: string | null;
  readonly eventType?: string;
}

function rowOf({ step, path = '', type = 'object', events, service = 'shop', eventType = 'paid' }: Sketch): FieldRow {
  const at = NOON + step * HOUR_US;
  return {
    ...{ eventType, service, step, path, typeSet: typeSetOf(type), events, cutEvents: 0 },
    ...{ firstAt: micros(at + 60_000_000), lastAt: micros(at + 120_000_000), lastEvent: `${service} ${path} ${step}` },
  };
}

async function read(sketches: readonly Sketch[], hours = 3) {
  const asked: FieldQuery[] = [];
  const reader = createDriftReader({
    read: async (query) => {
      asked.push(query);
      return sketches.map(rowOf);
    },
  });
  const list = await reader({ from: MIDDLE, to: micros(MIDDLE + (hours - 1) * HOUR_US) });
  return { list, query: asked[0] };
}

const OLD = [-1, 0, 1, 2].map((step) => ({ step, events: 50 }));

describe('drift from the counts of fields', () => {
  it('looks at the whole hours of a range and at seven days before them', async () => {
    const { list, query } = await read([]);
    expect(query).toEqual({
      learnedFrom: NOON - 7 * 24 * HOUR_US,
      ...{ from: NOON, to: NOON + 3 * HOUR_US, stepUs: HOUR_US },
    });
    expect(list).toEqual({
      ...{ from: '2026-03-01T12:00:00.000000Z', to: '2026-03-01T15:00:00.000000Z' },
      ...{ learned_from: '2026-02-22T12:00:00.000000Z', drifts: [], more: false },
      ...{ event_types: { sampled: 0, judged: 0 }, sampled_events: '0' },
    });
    // However long the range is, it has few steps.
    expect((await read([], 400)).query?.stepUs).toBe(9 * HOUR_US);
  });

  it('tells what appeared: since when, who sends it, and an event with it and one without', async () => {
    const { list } = await read([
      ...OLD,
      { step: 1, path: '/score', type: 'number', events: 20 },
      { step: 1, path: '/score', type: 'number', events: 30, service: 'web' },
      { step: 2, path: '/score', type: 'number', events: 50 },
    ]);
    expect(list.drifts).toEqual([
      {
        ...{ event_type: 'paid', path: '/score', kind: 'appeared', since: '2026-03-01T13:01:00.000000Z' },
        sentence: '“/score” appeared, as number: in all of 100 events, and in none of 100 before.',
        before: { events: 100, present: 0, types: [] },
        now: { events: 100, present: 100, types: ['number'] },
        services: ['shop', 'web'],
        samples: { before: 'shop  0', now: 'shop /score 2' },
      },
    ]);
    expect(list.event_types).toEqual({ sampled: 1, judged: 1 });
    expect(list.sampled_events).toBe('200');
  });

  it('tells of what vanished when and by whom it was sent last, and of a new type when it came', async () => {
    const { list } = await read([
      ...OLD,
      { step: -1, path: '/gone', type: 'string', events: 50 },
      { step: 0, path: '/gone', type: 'string', events: 50, service: 'old' },
      ...[-1, 0].map((step) => ({ step, path: '/sum', type: 'integer' as const, events: 50 })),
      ...[1, 2].map((step) => ({ step, path: '/sum', type: 'string' as const, events: 50 })),
    ]);
    expect(
      list.drifts.map(({ path, kind, since, services, samples }) => [path, kind, since, services, samples]),
    ).toEqual([
      ['/sum', 'changed type', '2026-03-01T13:01:00.000000Z', ['shop'], { before: 'shop /sum 0', now: 'shop /sum 2' }],
      ['/gone', 'vanished', '2026-03-01T12:02:00.000000Z', ['old', 'shop'], { before: 'old /gone 0', now: 'shop  2' }],
    ]);
  });

  it('says nothing of too few events, and that it judged none', async () => {
    const { list } = await read([
      { step: -1, events: 29 },
      { step: 0, events: 500 },
      { step: 0, path: '/a', type: 'null', events: 500 },
    ]);
    expect([list.drifts, list.event_types]).toEqual([[], { sampled: 1, judged: 0 }]);
  });

  it('lists at most two hundred, of types apart', async () => {
    const types = Array.from({ length: 210 }, (_, n) => `type-${n}`);
    const { list } = await read(
      types.flatMap((eventType) => [
        ...OLD.map((each) => ({ ...each, eventType })),
        { step: 2, path: '/a', type: 'null' as const, events: 50, eventType },
      ]),
    );
    expect([list.drifts.length, list.more, list.event_types.sampled]).toEqual([200, true, 210]);
  });
});
