import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeptAs, RetentionPolicy } from '../../ports/retention-store.ts';
import { type KeptPeriod, planExpiry } from './plan-expiry.ts';

const DAY_MS = 86_400_000;
const TODAY = 1000;
const NOW = TODAY * DAY_MS + 12 * 3_600_000;

const day = (keptAs: KeptAs, firstDay: number, bytes = 10): KeptPeriod => ({
  keptAs,
  firstDay,
  endDay: firstDay + 1,
  bytes,
});
const policy = (days: number, sizes: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  ageMs: { payload: days * DAY_MS, events: 2 * days * DAY_MS, aggregates: 4 * days * DAY_MS },
  payloadBytes: null,
  totalBytes: null,
  ...sizes,
});
const named = (periods: readonly KeptPeriod[]) => periods.map((each) => `${each.keptAs} ${each.firstDay - TODAY}`);

describe('by age', () => {
  it('drops a day when its youngest row is old enough, never before', () => {
    const days = [-9, -8, -7, -1, 0, 1].map((each) => day('payload', TODAY + each));
    expect(named(planExpiry(days, policy(7), NOW, 0).due)).toEqual(['payload -9', 'payload -8']);
    expect(named(planExpiry(days, policy(7), TODAY * DAY_MS, 0).due)).toEqual(['payload -9', 'payload -8']);
    expect(named(planExpiry(days, policy(7), TODAY * DAY_MS - 1, 0).due)).toEqual(['payload -9']);
  });

  it('keeps each kind as long as it says, the oldest first, the payload of a day before its events', () => {
    const days = [-20, -10].flatMap((each) => [day('events', TODAY + each), day('payload', TODAY + each)]);
    const plan = planExpiry([...days, day('aggregates', TODAY - 20)], policy(7), NOW, 0);
    expect(named(plan.due)).toEqual(['payload -20', 'events -20', 'payload -10']);
    expect(plan.due.every((each) => each.why === 'age')).toBe(true);
  });
});

describe('by size', () => {
  const days = [-3, -2, -1, 0].flatMap((each) => [day('payload', TODAY + each, 100), day('events', TODAY + each, 30)]);

  it('drops the oldest payload until the rest fits', () => {
    const plan = planExpiry(days, policy(100, { payloadBytes: 250 }), NOW, 0);
    expect(named(plan.due)).toEqual(['payload -3', 'payload -2']);
    expect(plan.over).toEqual([]);
  });

  it('drops whole days until everything fits, what other tables take included', () => {
    const plan = planExpiry(days, policy(100, { totalBytes: 340 }), NOW, 40);
    expect(named(plan.due)).toEqual(['payload -3', 'events -3', 'payload -2']);
    expect(plan.due.every((each) => each.why === 'total size')).toBe(true);
  });

  it('never drops what is still written to, nor counts, and says that it does not fit', () => {
    const plan = planExpiry(
      [...days, day('aggregates', TODAY - 50)],
      policy(100, { payloadBytes: 1, totalBytes: 1 }),
      NOW,
      0,
    );
    expect(named(plan.due)).toEqual(['payload -3', 'events -3', 'payload -2', 'events -2', 'payload -1', 'events -1']);
    expect(plan.over).toEqual(['payload size', 'total size']);
  });
});

it('leaves no day that is too old, drops none that need not go, and never an event before its payload', () => {
  const period = fc.record({
    keptAs: fc.constantFrom<KeptAs>('payload', 'events', 'aggregates'),
    firstDay: fc.integer({ min: TODAY - 40, max: TODAY + 1 }),
    bytes: fc.integer({ min: 0, max: 1000 }),
  });
  const unique = fc.uniqueArray(period, { selector: (each) => `${each.keptAs}${each.firstDay}`, maxLength: 40 });
  const limit = fc.option(fc.integer({ min: 0, max: 5000 }));
  fc.assert(
    fc.property(unique, limit, limit, fc.integer({ min: 1, max: 10 }), (kept, payloadBytes, totalBytes, length) => {
      const periods = kept.map((each) => ({ ...each, endDay: each.firstDay + 1 }));
      const rules = policy(length, { payloadBytes, totalBytes });
      const { due, over } = planExpiry(periods, rules, NOW, 7);
      const key = (each: KeptPeriod) => `${each.keptAs} ${each.firstDay}`;
      const gone = new Set(due.map(key));
      expect(gone.size).toBe(due.length);
      const rest = periods.filter((each) => !gone.has(key(each)));
      for (const each of rest) expect(each.endDay * DAY_MS + rules.ageMs[each.keptAs]).toBeGreaterThan(NOW);
      const bytes = (of: readonly KeptPeriod[]) => of.reduce((sum, each) => sum + each.bytes, 0);
      const payload = bytes(rest.filter((each) => each.keptAs === 'payload'));
      expect(payloadBytes === null || payload <= payloadBytes || over.includes('payload size')).toBe(true);
      expect(totalBytes === null || bytes(rest) + 7 <= totalBytes || over.includes('total size')).toBe(true);
      for (const each of due) expect(each.endDay * DAY_MS).toBeLessThanOrEqual(NOW);
      // An event day goes with its payload: by age because payload is kept no longer, by size because it goes first.
      for (const each of rest.filter((one) => one.keptAs === 'payload'))
        expect(gone.has(`events ${each.firstDay}`)).toBe(false);
    }),
  );
});
