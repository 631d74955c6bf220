import { expect, test } from 'vitest';
import type { Learned } from '../model/follow.ts';
import { millis } from '../model/time.ts';
import type { Waiting } from '../model/waiting.ts';
import type { CheckedEpisode, StallStore } from '../ports/stall-store.ts';
import { lead } from '../runtime/lead.ts';
import { createStallWatch } from './create-stall-watch.ts';

const SECOND = 1_000_000;
const TYPES = new Map([
  ['asked', 1],
  ['sent', 2],
]);

/** A store whose due episodes a test hands in; it hears what they were judged to wait for. */
function storeOf(episodes: CheckedEpisode[], more: Partial<StallStore> = {}) {
  const judged: Waiting[] = [];
  const calls: string[] = [];
  const store: StallStore = {
    lead: async () => true,
    learned: async () => ({ follows: [], makers: [] }),
    sample: async () => ({ episodes: [], stalledForADay: new Set() }),
    remember: async () => void calls.push('remember'),
    typeIds: async (names) => new Map([...TYPES].filter(([name]) => names.includes(name))),
    check: async (limit, judge) => {
      const due = episodes.splice(0, limit);
      judged.push(...due.map(judge));
      return due.length;
    },
    recheckAll: async () => void calls.push('recheck'),
    tidy: async () => void calls.push('tidy'),
    release: async () => void calls.push('release'),
    ...more,
  };
  return { store, judged, calls };
}

const asked = (ageUs: number): CheckedEpisode => ({
  ...{ types: [{ typeId: 1, us: 0 }], rootTypeId: 1, failed: false, ageUs },
});
const flows = [
  {
    ...{ name: 'Ask', startsWith: 'asked', endsWith: ['sent'] },
    steps: [{ eventType: 'sent', withinMs: 5000, service: null, group: null }],
  },
  { ...{ name: 'Never', startsWith: 'never seen', endsWith: [] } },
];

async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const watchOf = (store: StallStore, failures: unknown[] = []) =>
  lead(
    createStallWatch({
      ...{ store, flows, clock: { now: () => millis(Date.now()) } },
      onFailure: (error) => failures.push(error),
      onWorked: () => {},
    }),
  );

test('judges all that is due by what is declared, and learns, with one look for as many as there are', async () => {
  const due = Array.from({ length: 1200 }, (_, n) => asked(n < 600 ? 4 * SECOND : 6 * SECOND));
  const { store, judged, calls } = storeOf(due);
  const watch = watchOf(store);
  watch.start();
  await until(() => calls.includes('tidy'));
  await watch.stop();
  expect(judged.filter(({ kind }) => kind === 'waiting')).toHaveLength(600);
  expect(judged.filter(({ kind }) => kind === 'overdue')).toHaveLength(600);
  expect(calls).toEqual(['recheck', 'remember', 'tidy', 'release']);
});

test('what was learned before a restart holds at once', async () => {
  const follow = { typeId: 1, followId: 9, traces: 50, followed: 50, least: 0.9, instead: [] };
  const times = { typicalUs: SECOND, p95Us: SECOND, p99Us: SECOND, waitUs: 2 * SECOND };
  const learned: Learned = { follows: [{ ...follow, ...times }], makers: [] };
  const { store, judged } = storeOf([asked(3 * SECOND)], { learned: async () => learned });
  const watch = watchOf(store);
  watch.start();
  await until(() => judged.length > 0);
  await watch.stop();
  expect(judged).toMatchObject([{ kind: 'overdue', missing: { typeId: 9, declared: null } }]);
});

test('a process that does not lead looks at nothing', async () => {
  let asks = 0;
  const { store, judged } = storeOf([asked(9 * SECOND)], {
    lead: async () => {
      asks += 1;
      return false;
    },
  });
  const watch = watchOf(store);
  watch.start();
  await until(() => asks > 0);
  await watch.stop();
  expect(judged).toEqual([]);
});

test('a round that fails gives up the lead, and is told', async () => {
  const failures: unknown[] = [];
  const { store, calls } = storeOf([], {
    check: async () => {
      throw new Error('planted');
    },
  });
  const watch = watchOf(store, failures);
  watch.start();
  await until(() => failures.length > 0);
  await watch.stop();
  expect([failures.length, calls.includes('release')]).toEqual([1, true]);
});
