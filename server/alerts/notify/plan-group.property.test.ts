import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertNotice } from '../../model/alert-notice.ts';
import type { Notification, NotificationGroup, TellingRules } from '../../model/notification.ts';
import { decide } from './decide.ts';
import { planGroup } from './plan-group.ts';

type Status = AlertNotice['status'];

/** What happens to one alert of three, at an instant. */
interface Step {
  readonly at: number;
  readonly alert: number;
  readonly status: Status;
}

const rulesOf = fc.record({
  groupWaitMs: fc.nat(6),
  groupIntervalMs: fc.integer({ min: 1, max: 12 }),
  repeatIntervalMs: fc.integer({ min: 1, max: 30 }),
  sendResolved: fc.boolean(),
  groupBy: fc.constant<readonly string[]>([]),
});

const steps = fc
  .array(
    fc.record({
      at: fc.nat(60),
      alert: fc.nat(2),
      status: fc.constantFrom<Status>('firing', 'firing', 'resolved', 'resolved', 'withheld'),
    }),
    { maxLength: 25 },
  )
  .map((all) => [...all].sort((a, b) => a.at - b.at));

/** Notices as the evaluator makes them: a firing that ended is followed by the next one. */
function noticesOf(all: readonly Step[]): { readonly at: number; readonly notice: AlertNotice }[] {
  const open = new Map<number, Status>();
  const count = new Map<number, number>();
  return all.flatMap(({ at, alert, status }) => {
    const current = open.get(alert);
    if (current === status || (current === undefined && status === 'resolved')) return [];
    if (current === undefined) count.set(alert, (count.get(alert) ?? 0) + 1);
    if (status === 'resolved') open.delete(alert);
    else open.set(alert, status);
    const notice: AlertNotice = {
      ...{ fingerprint: `f${alert}`, firing: count.get(alert) ?? 0, status, receivers: ['r'] },
      ...{ labels: { alertname: `a${alert}` }, annotations: {}, path: '/alerts' },
      ...{ startsAt: at, endsAt: status === 'resolved' ? at : null },
    };
    return [{ at, notice }];
  });
}

const EMPTY: NotificationGroup = { key: 'k', labels: {}, toldAt: null, members: [] };
const END = 120;

/** Runs a history; `asks` says whether a group is looked at in an instant without news. */
function run(
  history: ReturnType<typeof noticesOf>,
  rules: TellingRules,
  asks: (now: number, dueAt: number | null) => boolean,
): { readonly at: number; readonly notification: Notification }[] {
  const sent: { at: number; notification: Notification }[] = [];
  let group = EMPTY;
  let dueAt: number | null = null;
  for (let now = 0; now <= END; now += 1) {
    const news = history.filter(({ at }) => at === now).map(({ notice }) => notice);
    if (news.length === 0 && !asks(now, dueAt)) continue;
    const plan = planGroup(group, news, rules, now);
    if (plan.notification !== null) sent.push({ at: now, notification: plan.notification });
    group = plan.group ?? EMPTY;
    dueAt = plan.dueAt;
  }
  return sent;
}

/**
 * Alertmanager's own decision, put down from its two stages: what is unmuted, the log of the last notification, and
 * whether the sets differ. Here the log also knows alerts by firing, and an alert that came and went between two
 * notifications is told.
 */
function oracle(history: ReturnType<typeof noticesOf>, rules: TellingRules): { at: number; reason: string }[] {
  const sent: { at: number; reason: string }[] = [];
  const status = new Map<string, { status: Status; since: number }>();
  let log: { at: number } | null = null;
  const heard = new Set<string>();
  for (let now = 0; now <= END; now += 1) {
    for (const { notice } of history.filter(({ at }) => at === now)) {
      const key = `${notice.fingerprint} ${notice.firing}`;
      const before = status.get(key);
      // Withheld from its begin to its end, or as far as anybody was told: nothing to say.
      if (notice.status === 'resolved' && before?.status === 'withheld' && !heard.has(key)) status.delete(key);
      else status.set(key, { status: notice.status, since: now });
    }
    const keys = [...status.keys()];
    const is = (key: string) => status.get(key)?.status;
    const fresh = keys.filter(
      (key) => !heard.has(key) && (is(key) === 'firing' || (is(key) === 'resolved' && rules.sendResolved)),
    );
    const ended = keys.filter((key) => heard.has(key) && is(key) === 'resolved' && rules.sendResolved);
    const going = keys.filter((key) => is(key) === 'firing' || is(key) === 'withheld');
    for (const key of keys) if (is(key) === 'resolved' && !rules.sendResolved) status.delete(key);
    if (status.size === 0) log = null;
    const changed = fresh.length > 0 ? fresh : ended;
    const quiet = Math.min(...changed.map((key) => status.get(key)?.since ?? 0)) + rules.groupWaitMs;
    let reason: string | null = null;
    if (changed.length > 0) {
      if (now >= quiet && (log === null || now >= log.at + rules.groupIntervalMs)) {
        if (log === null) reason = 'first';
        else if (fresh.length > 0) reason = 'new alerts';
        else reason = going.length === 0 ? 'all resolved' : 'some resolved';
      }
    } else if (log !== null && keys.some((key) => is(key) === 'firing') && now >= log.at + rules.repeatIntervalMs) {
      reason = 'repeat';
    }
    if (reason === null) continue;
    sent.push({ at: now, reason });
    for (const key of [...fresh, ...ended]) {
      heard.add(key);
      if (is(key) === 'resolved') status.delete(key);
    }
    log = status.size === 0 ? null : { at: now };
  }
  return sent;
}

test('a group is told when Alertmanager’s order says so, and for that reason', () => {
  fc.assert(
    fc.property(steps, rulesOf, (all, rules) => {
      const history = noticesOf(all);
      const sent = run(history, rules, () => true);
      expect(sent.map(({ at, notification }) => ({ at, reason: notification.reason }))).toEqual(oracle(history, rules));
    }),
    { numRuns: 500 },
  );
});

test('looking at a group when it is due is as good as looking at it always', () => {
  fc.assert(
    fc.property(steps, rulesOf, (all, rules) => {
      const history = noticesOf(all);
      const always = run(history, rules, () => true);
      expect(run(history, rules, (now, dueAt) => dueAt !== null && now >= dueAt)).toEqual(always);
    }),
    { numRuns: 300 },
  );
});

test('each begin and each end is told, the end once, unless it was withheld before anybody heard of it', () => {
  fc.assert(
    fc.property(steps, rulesOf, (all, rules) => {
      const history = noticesOf(all);
      const sent = run(history, rules, (now, dueAt) => dueAt !== null && now >= dueAt);
      const told = sent.flatMap(({ notification }) => notification.alerts);
      for (const { fingerprint, firing } of history.map(({ notice }) => notice)) {
        const mine = history.filter(({ notice }) => notice.fingerprint === fingerprint && notice.firing === firing);
        const said = told.filter((alert) => alert.fingerprint === fingerprint && alert.firing === firing);
        const last = mine.at(-1)?.notice.status;
        if (mine.every(({ notice }) => notice.status !== 'withheld')) {
          const ends = last === 'resolved' && rules.sendResolved ? 1 : 0;
          expect(said.filter(({ status }) => status === 'resolved')).toHaveLength(ends);
          if (last === 'firing') expect(said.length).toBeGreaterThan(0);
        }
        if (mine.every(({ notice }) => notice.status !== 'firing')) expect(said).toEqual([]);
        // Nothing is said of a firing after its end.
        expect(said.findIndex(({ status }) => status === 'resolved')).toSatisfy(
          (place: number) => place === -1 || place === said.length - 1,
        );
      }
    }),
    { numRuns: 300 },
  );
});

test('a notice that comes twice changes nothing', () => {
  fc.assert(
    fc.property(steps, rulesOf, (all, rules) => {
      const history = noticesOf(all);
      const twice = history.flatMap((each) => [each, each]);
      expect(run(twice, rules, () => true)).toEqual(run(history, rules, () => true));
    }),
  );
});

test('many alerts are told in pieces, the rest at once, and none is left out', () => {
  const rules = { groupWaitMs: 0, groupIntervalMs: 1000, repeatIntervalMs: 5000, sendResolved: true, groupBy: [] };
  const notices = Array.from({ length: 450 }, (_, place): AlertNotice => {
    const said = { fingerprint: `f${place}`, firing: 1, status: 'firing', receivers: ['r'], labels: {} } as const;
    return { ...said, annotations: {}, startsAt: 0, endsAt: null, path: '/' };
  });
  const told: Notification[] = [];
  let group: NotificationGroup = EMPTY;
  for (let news: readonly AlertNotice[] = notices; ; news = []) {
    const plan = planGroup(group, news, rules, 7);
    if (plan.notification === null) break;
    told.push(plan.notification);
    group = plan.group ?? EMPTY;
  }
  expect(told.map(({ alerts, truncated }) => [alerts.length, truncated])).toEqual([
    [200, 0],
    [200, 200],
    [200, 250],
  ]);
  expect(new Set(told.flatMap(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint)))).toHaveProperty(
    'size',
    450,
  );
  expect(decide(group, rules, 7)).toEqual({ kind: 'wait', until: 5007 });
});
