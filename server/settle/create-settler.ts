import { setTimeout as wait } from 'node:timers/promises';
import type { Topology } from '../model/trace.ts';
import { type SettleStore, SHARDS } from '../ports/settle-store.ts';
import type { StitchOptions } from '../stitch/stitch.ts';
import { RestingTraces } from './resting-traces.ts';
import { createSettlePace, type StoredBatch } from './settle-pace.ts';
import { settleTraces } from './settle-traces.ts';

/** Most traces stitched in one transaction: bounds its memory and the time it holds the shard. */
const TRACES_PER_SETTLE = 200;
/** A mark rests this long, so that the burst of events that opens a trace is stitched once. */
const QUIET_MS = 60;
/**
 * Rounds that leave nothing waiting begin this far apart at the least. A round costs some eighty statements however few
 * traces it settles, and an event that shares its sums with others of its turn costs half of one that does not.
 */
const ROUND_MS = 600;
/** The longest rest between looks while nothing is stored here; another tap may have written marks. */
const IDLE_MS = 500;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** What a settler is built from. */
export interface SettlerDeps {
  readonly store: SettleStore;
  readonly topology: () => Topology;
  readonly options: StitchOptions;
  /** Hears of each failed settle, before it is tried again. The marks are still there: nothing is lost. */
  onFailure(error: unknown, retryInMs: number): void;
}

/** The loop that turns marks into traces. */
export interface Settler {
  start(): void;
  /** There are new marks: look soon. With what was stored, where this process stored it. */
  wake(batch?: StoredBatch): void;
  /** Ends after the transaction in hand. */
  stop(): Promise<void>;
}

/** A settler that goes round the shards until none has work, then rests until it is woken or `IDLE_MS` has passed. */
export function createSettler({ store, topology, options, onFailure }: SettlerDeps): Settler {
  let rest = new AbortController();
  let woken = false;
  const pace = createSettlePace();
  const resting = new RestingTraces();
  let waking: NodeJS.Timeout | null = null;
  let stopped = false;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** Unlike a pause it is not cut short by new marks, only by the end. */
  const rested = async (ms: number): Promise<void> => {
    if (!stopped && ms > 0) await wait(ms, undefined, { signal: stopping.signal }).catch(ignoreAbort);
  };

  /** The most that any shard had to settle. A shard that fails is told at the end of the round: the others go on. */
  const settleOnce = async (): Promise<number> => {
    let most = 0;
    let failure: { readonly error: unknown } | null = null;
    for (let shard = 0; shard < SHARDS && !stopped; shard += 1) {
      try {
        const began = performance.now();
        const settled = (await settleShard(shard)) ?? 0;
        const tookMs = performance.now() - began;
        most = Math.max(most, settled);
        if (settled === 0) continue;
        const turn = { tookMs, filled: Math.min(1, settled / TRACES_PER_SETTLE) };
        await rested(pace.restAfter(turn, performance.now()));
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
    return most;
  };

  const settleShard = (shard: number): Promise<number | null> => {
    const turn = { limit: TRACES_PER_SETTLE, quietMs: QUIET_MS, resting: resting.at(performance.now()) };
    return store.settleShard(shard, turn, (open) => {
      for (const { traceKey, events } of open) resting.settled(traceKey, events.length, performance.now());
      return settleTraces(open, topology(), options);
    });
  };

  const waitForMarks = async (ms: number): Promise<void> => {
    rest = new AbortController();
    if (!woken && !stopped) await wait(ms, undefined, { signal: rest.signal }).catch(ignoreAbort);
    woken = false;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      try {
        const began = performance.now();
        const most = await settleOnce();
        failures = 0;
        if (most === 0) await waitForMarks(IDLE_MS);
        else if (most < TRACES_PER_SETTLE) await rested(ROUND_MS - (performance.now() - began));
      } catch (error) {
        const retryInMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? IDLE_MS;
        failures += 1;
        onFailure(error, retryInMs);
        await waitForMarks(retryInMs);
      }
    }
  };

  return {
    start() {
      running = run();
    },
    wake(batch) {
      if (batch !== undefined) pace.stored(batch, performance.now());
      // The mark has to rest first; looking at once would find nothing and sleep again.
      waking ??= setTimeout(() => {
        waking = null;
        woken = true;
        rest.abort();
      }, QUIET_MS + 5);
    },
    async stop() {
      stopped = true;
      stopping.abort();
      if (waking !== null) clearTimeout(waking);
      rest.abort();
      await running;
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
