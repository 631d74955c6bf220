import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { driftOf } from './drift.ts';
import { driftsOverTime } from './drifts-over-time.ts';
import { countFields, type FieldSummary, newTally, summaryOf } from './field-summary.ts';
import { fieldsOf } from './fields-of.ts';

function summaryOfAll(events: readonly Json[]): FieldSummary {
  const tally = newTally();
  for (const event of events) countFields(tally, fieldsOf(event));
  return summaryOf(tally);
}

const times = (count: number, event: Json) => Array<Json>(count).fill(event);
const said = (before: readonly Json[], ...steps: readonly (readonly Json[])[]) =>
  driftsOverTime(summaryOfAll(before), steps.map(summaryOfAll)).map(
    ({ path, kind, step }) => `${step} ${path} ${kind}`,
  );

const OLD = { id: 'a', sum: 1 };
const WITH = { id: 'a', sum: 1, score: 2 };

describe('drift over time', () => {
  it('is dated by the step that tells both sides apart best', () => {
    const [old, now] = [times(50, OLD), times(50, WITH)];
    expect(said(old, old, old, now, now)).toEqual(['2 /score appeared']);
    expect(said(now, now, old, old, old)).toEqual(['1 /score vanished']);
    expect(said(old, old, times(50, { id: 'a', sum: 'one' }))).toEqual(['1 /sum changed type']);
    expect(said(old, old, old)).toEqual([]);
  });

  it('is seen where the change lies inside a step, and where steps between are empty', () => {
    const mixed = (olds: number) => [...times(olds, OLD), ...times(50 - olds, WITH)];
    for (const olds of [5, 20, 45]) {
      expect(said(times(50, OLD), times(50, OLD), mixed(olds), times(50, WITH))).toEqual(['1 /score appeared']);
      expect(said(times(50, WITH), times(50, WITH), mixed(olds), times(50, OLD))).toEqual(['2 /score vanished']);
    }
    expect(said(times(50, OLD), [], [], times(50, WITH))).toEqual(['2 /score appeared']);
  });

  it('needs nothing before the first step', () => {
    expect(said([], times(40, OLD), times(40, WITH))).toEqual(['1 /score appeared']);
    expect(said([], times(40, WITH))).toEqual([]);
    expect(said(times(29, OLD), times(29, WITH))).toEqual([]);
  });

  it('of one step is the comparison of both sides, and is found from the step of any change of all events', () => {
    const event = fc.constantFrom<Json>({ a: 1 }, { a: 'x' }, { a: 1, b: [] }, { b: {} }, {}, [1]);
    const events = fc.tuple(event, event, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(events, events, ([a, b, m, n], [c, d, o, p]) => {
        const [before, now] = [
          summaryOfAll([...times(m, a), ...times(n, b)]),
          summaryOfAll([...times(o, c), ...times(p, d)]),
        ];
        expect(driftsOverTime(before, [now])).toEqual(driftOf(before, now).map((drift) => ({ ...drift, step: 0 })));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (olds, news) => {
        const steps = [...Array(olds).fill(times(40, OLD)), ...Array(news).fill(times(40, WITH))];
        expect(said([], ...steps)).toEqual([`${olds} /score appeared`]);
      }),
    );
  });
});
