import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertState, shownState } from '../model/alert-state.ts';
import { newAlert } from './new-alert.ts';
import { endAlert, type Observation, RESOLVED_MS, stepAlert } from './step-alert.ts';

const FRESH = newAlert('R', { queue: 'x.dlq' }, 0);
const value = (above: boolean): Observation => ({
  kind: 'value',
  value: above ? 9 : 1,
  above,
  ledger: null,
  why: null,
});
const HIGH = value(true);
const LOW = value(false);
const AWAY: Observation = { kind: 'error', why: 'The broker is away.' };
const SILENT: Observation = { kind: 'no data', why: 'Nothing came.' };

/** States as they look after each look, one look a second. */
function shown(looks: readonly Observation[], forS: number, keepS: number): string[] {
  let state = FRESH;
  return looks.map((look, second) => {
    state = stepAlert(state, look, { forMs: forS * 1000, keepFiringForMs: keepS * 1000 }, second * 1000).next;
    return shownState(state);
  });
}

test('it fires at once without a wait, else when it was above for so long', () => {
  expect(shown([LOW, HIGH, LOW], 0, 0)).toEqual(['inactive', 'firing', 'resolved']);
  expect(shown([HIGH, HIGH, HIGH], 2, 0)).toEqual(['pending', 'pending', 'firing']);
  expect(shown([HIGH, LOW, HIGH, HIGH], 2, 0)).toEqual(['pending', 'inactive', 'pending', 'pending']);
});

test('it is resolved when it was over for so long', () => {
  expect(shown([HIGH, LOW, LOW, HIGH, LOW, LOW, LOW], 0, 2)).toEqual([
    ...['firing', 'firing', 'firing', 'firing', 'firing', 'firing', 'resolved'],
  ]);
});

test('an error and no data are states of their own that never resolve', () => {
  const hours = Array.from({ length: 5000 }, () => AWAY);
  expect(shown([HIGH, ...hours, SILENT, LOW], 0, 0).filter((state, at, all) => state !== all[at - 1])).toEqual([
    ...['firing', 'error', 'no data', 'resolved'],
  ]);
  expect(shown([HIGH, AWAY, HIGH], 0, 0)).toEqual(['firing', 'error', 'firing']);
  // What was over before the error may not have been during it.
  expect(shown([HIGH, LOW, AWAY, LOW, LOW, LOW], 0, 2).at(-2)).toBe('firing');
  expect(shown([HIGH, AWAY, AWAY], 2, 0)).toEqual(['pending', 'error', 'error']);
});

test('firings are counted through errors, and each has its begin and end', () => {
  let state: AlertState = FRESH;
  const looks = [HIGH, AWAY, HIGH, LOW, HIGH, LOW];
  looks.forEach((look, second) => {
    state = stepAlert(state, look, { forMs: 0, keepFiringForMs: 0 }, second * 1000).next;
  });
  expect(state).toMatchObject({ firing: 2, startsAt: 4000, endsAt: 5000, phase: 'resolved' });
});

test('resolved is shown for a while, then it is inactive', () => {
  const gone = stepAlert({ ...FRESH, phase: 'resolved' }, LOW, { forMs: 0, keepFiringForMs: 0 }, RESOLVED_MS);
  expect(gone.transition).toMatchObject({ from: 'resolved', to: 'inactive' });
});

test('an alert whose rule is gone ends, and says why', () => {
  const fired = stepAlert(FRESH, HIGH, { forMs: 0, keepFiringForMs: 0 }, 0).next;
  expect(endAlert(fired, 5, 'The rule was deleted.').transition).toMatchObject({
    ...{ from: 'firing', to: 'resolved', at: 5, firing: 1, why: 'The rule was deleted.' },
  });
  expect(endAlert(FRESH, 5, 'x').transition).toBeNull();
});

/** The same by looking at the whole past each time. */
function isFiring(looks: readonly Observation[], at: number, forS: number, keepS: number): boolean {
  const look = looks[at];
  if (look === undefined) return false;
  const before = isFiring(looks, at - 1, forS, keepS);
  if (look.kind !== 'value') return before;
  const runOf = (above: boolean, through: boolean): number => {
    let first = at;
    for (let each = at; each >= 0; each -= 1) {
      const one = looks[each];
      if (one?.kind !== 'value') {
        if (through) continue;
        break;
      }
      if (one.above !== above) break;
      first = each;
    }
    return at - first;
  };
  if (look.above) return before || runOf(true, true) >= forS;
  return before && runOf(false, false) < keepS;
}

test('it fires exactly when its whole past says so, and each change of its looks is one transition', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(HIGH, HIGH, LOW, LOW, AWAY, SILENT), { maxLength: 40 }),
      fc.nat(4),
      fc.nat(4),
      (looks, forS, keepS) => {
        let state: AlertState = FRESH;
        let fired = 0;
        let seen = shownState(state);
        looks.forEach((look, second) => {
          const was = state.phase;
          const { next, transition } = stepAlert(
            state,
            look,
            { forMs: forS * 1000, keepFiringForMs: keepS * 1000 },
            second * 1000,
          );
          expect(next.phase === 'firing').toBe(isFiring(looks, second, forS, keepS));
          if (was !== 'firing' && next.phase === 'firing') fired += 1;
          expect(next.firing).toBe(fired);
          if (look.kind !== 'value') expect(next.phase).toBe(was);
          expect(transition === null).toBe(shownState(next) === seen);
          if (transition !== null) expect([transition.from, transition.to]).toEqual([seen, shownState(next)]);
          seen = shownState(next);
          state = next;
        });
      },
    ),
    { numRuns: 300 },
  );
});
