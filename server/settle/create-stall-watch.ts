import { learnFollows } from '../measure/learn-follows.ts';
import { nextExpected } from '../measure/next-expected.ts';
import type { DeclaredFlow } from '../model/flow.ts';
import type { Follow, Learned } from '../model/follow.ts';
import type { Expectations, ExpectedFlow } from '../model/waiting.ts';
import type { Clock } from '../ports/clock.ts';
import type { Leading } from '../ports/leading.ts';
import type { StallStore } from '../ports/stall-store.ts';

/** What the watch of stalled traces is built from. */
export interface StallWatchDeps {
  readonly store: StallStore;
  readonly flows: readonly DeclaredFlow[];
  readonly clock: Clock;
  /** Hears of each round that failed; what it left undone is found again. */
  onFailure(error: unknown): void;
  onWorked(): void;
}

const LOOK_MS = 2_000;
const LEARN_MS = 15_000;
const TIDY_MS = 60_000;
/** A process that does not lead asks this often whether it may. */
const FOLLOW_MS = 3_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000] as const;
/** Traces looked at in one transaction; a round goes on until fewer are due. */
const CHECKS_AT_ONCE = 500;
/** Episodes learned from at once. Where that takes longer than it should, fewer are looked at the next time. */
const MOST_EPISODES = 20_000;
const LEAST_EPISODES = 1_250;
const LONGEST_LEARNING_MS = 1_000;

/** One process per workspace leads: it learns, looks at what is due, and tidies up. */
export function createStallWatch({ store, flows, clock, onFailure, onWorked }: StallWatchDeps): Leading {
  const typeIds = new Map<string, number>();
  let leading = false;
  let learned: Learned = { follows: [], makers: [] };
  let episodes = MOST_EPISODES;
  let learnedAt = Number.NEGATIVE_INFINITY;
  let tidiedAt = Number.NEGATIVE_INFINITY;

  /** Answers how long to rest. */
  const next = async (stopping: AbortSignal): Promise<number> => {
    if (!leading) {
      leading = await store.lead();
      if (!leading) return FOLLOW_MS;
      learned = await store.learned();
      await store.recheckAll();
      learnedAt = tidiedAt = Number.NEGATIVE_INFINITY;
    }
    await look(stopping);
    if (clock.now() - learnedAt >= LEARN_MS) {
      await learn();
      learnedAt = clock.now();
    }
    if (clock.now() - tidiedAt >= TIDY_MS) {
      await store.tidy();
      tidiedAt = clock.now();
    }
    return LOOK_MS;
  };

  const learn = async (): Promise<void> => {
    const sample = await store.sample(episodes);
    const began = performance.now();
    learned = learnFollows(sample.episodes, { known: learned.follows, stalledForADay: sample.stalledForADay });
    const tookMs = performance.now() - began;
    episodes =
      tookMs > LONGEST_LEARNING_MS
        ? Math.max(LEAST_EPISODES, episodes / 2)
        : Math.min(MOST_EPISODES, tookMs < LONGEST_LEARNING_MS / 4 ? episodes * 2 : episodes);
    await store.remember(learned);
  };

  const look = async (stopping: AbortSignal): Promise<void> => {
    const expectations = await expect();
    for (let looked = CHECKS_AT_ONCE; looked === CHECKS_AT_ONCE && !stopping.aborted; ) {
      looked = await store.check(CHECKS_AT_ONCE, (episode) => nextExpected(episode, expectations, episode.ageUs));
    }
  };

  /** Declared names become ids as soon as an event has them. */
  const expect = async (): Promise<Expectations> => {
    const unknown = namesOf(flows).filter((name) => !typeIds.has(name));
    if (unknown.length > 0) for (const [name, id] of await store.typeIds(unknown)) typeIds.set(name, id);
    return { flows: flows.flatMap((flow) => toExpected(flow, typeIds)), follows: byType(learned.follows) };
  };

  return {
    retryMs: RETRY_MS,
    async step(stopping) {
      const restMs = await next(stopping);
      onWorked();
      return restMs;
    },
    failed(error, stopping) {
      leading = false;
      if (!stopping.aborted) onFailure(error);
    },
    interrupt() {},
    release: () => store.release(),
  };
}

function namesOf(flows: readonly DeclaredFlow[]): string[] {
  const names = flows.flatMap(({ startsWith, endsWith, steps = [] }) => [
    startsWith,
    ...endsWith,
    ...steps.map(({ eventType }) => eventType),
  ]);
  return [...new Set(names)];
}

/** A flow that no event ever began has nothing to wait for. */
function toExpected(flow: DeclaredFlow, ids: ReadonlyMap<string, number>): readonly ExpectedFlow[] {
  const startId = ids.get(flow.startsWith);
  if (startId === undefined) return [];
  return [
    {
      name: flow.name,
      startId,
      endIds: new Set(flow.endsWith.flatMap((name) => ids.get(name) ?? [])),
      steps: (flow.steps ?? []).map(({ eventType, withinMs, service, group }) => ({
        ...{ eventType, service, group },
        typeId: ids.get(eventType) ?? null,
        withinUs: withinMs * 1000,
      })),
    },
  ];
}

function byType(follows: readonly Follow[]): ReadonlyMap<number, readonly Follow[]> {
  const map = new Map<number, Follow[]>();
  for (const follow of follows) {
    const list = map.get(follow.typeId);
    if (list === undefined) map.set(follow.typeId, [follow]);
    else list.push(follow);
  }
  return map;
}
