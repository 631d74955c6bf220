import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BoundedLog, createBoundedLog } from './bounded-log.ts';
import { createChildRecord } from './child-record.ts';
import type { ChildSpec } from './child-spec.ts';
import { type RestartState, restartDelay } from './restart-delay.ts';
import { type ChildRun, runChild } from './run-child.ts';

/** Keeps children running. The order of `start` is the order of dependence; they are stopped in reverse. */
export interface Supervisor {
  /** Starts a child and resolves once it is ready. Throws `ChildStartError` when it is not after three tries. */
  start(spec: ChildSpec): Promise<void>;
  /** Stops all, the last started first, within `deadlineMs` in all; what is left then is killed. */
  stop(deadlineMs: number): Promise<void>;
  /** Ends a child in order; it is then started again like one that ended by itself. */
  restart(name: string): Promise<void>;
  /** Kills everything at once. */
  kill(): void;
}

/** A child did not become ready. `lastLines` is the end of its output. */
export class ChildStartError extends Error {
  readonly code = 'child_start';
  readonly lastLines: readonly string[];
  constructor(message: string, lastLines: readonly string[], cause?: unknown) {
    super(message, { cause });
    this.lastLines = lastLines;
  }
}

export interface SupervisorOptions {
  /** File of the running children, for the next start. */
  readonly recordFile: string;
  readonly logDir: string;
  /** One line to the operator. */
  readonly say: (line: string) => void;
}

const FIRST_TRIES = 3;
/** What is kept back of a stop's deadline for those that must be killed. */
const KILL_RESERVE_MS = 500;

interface Supervised {
  readonly spec: ChildSpec;
  readonly log: BoundedLog;
  run: ChildRun | null;
  /** Ends when the child is not kept running any more. */
  keeping: Promise<void>;
}

/** A supervisor without children. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const record = createChildRecord(options.recordFile);
  const children: Supervised[] = [];
  const stopping = new AbortController();

  /** One run up to ready; throws when it ends before. */
  async function runUntilReady(child: Supervised): Promise<ChildRun> {
    const { spec, log } = child;
    await spec.beforeStart?.();
    stopping.signal.throwIfAborted();
    const run = await runChild(spec, record, log, options.say);
    child.run = run;
    const tooLate = AbortSignal.timeout(spec.readyWithinMs);
    const over = new AbortController();
    const died = run.ended.then((how) => {
      throw new Error(`ended with ${how}`);
    });
    try {
      const signal = AbortSignal.any([tooLate, over.signal, stopping.signal]);
      await Promise.race([spec.ready?.(signal, run.pid), died]);
      return run;
    } catch (error) {
      if (!stopping.signal.aborted) {
        run.kill();
        await run.ended;
      }
      throw tooLate.aborted ? new Error(`not ready after ${Math.round(spec.readyWithinMs / 1000)} s`) : error;
    } finally {
      over.abort();
      died.catch(() => undefined);
    }
  }

  async function firstStart(child: Supervised): Promise<ChildRun> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runUntilReady(child);
      } catch (error) {
        if (stopping.signal.aborted) throw error;
        const why = messageOf(error);
        if (attempt === FIRST_TRIES) {
          throw new ChildStartError(`${child.spec.name} does not start (${why}).`, child.log.lastLines(), error);
        }
        options.say(`${child.spec.name}: ${why}; trying again.`);
        await wait(500 * attempt, undefined, { signal: stopping.signal });
      }
    }
  }

  /** Watches a ready run, and starts it again with growing pauses whenever it ends. */
  async function keep(child: Supervised, first: ChildRun): Promise<void> {
    let state: RestartState = { failures: 0 };
    let run: ChildRun | null = first;
    let since = Date.now();
    let why = '';
    while (!stopping.signal.aborted) {
      if (run !== null) why = await run.ended;
      if (stopping.signal.aborted) return;
      const next = restartDelay(state, run === null ? 0 : Date.now() - since);
      state = next.state;
      options.say(`${child.spec.name} ended (${why}); starting it again in ${next.delayMs / 1000} s.`);
      await wait(next.delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      run = await runUntilReady(child).catch((error: unknown) => {
        why = messageOf(error);
        return null;
      });
      since = Date.now();
      if (run !== null) options.say(`${child.spec.name} is back.`);
    }
  }

  async function end(child: Supervised, deadline: number): Promise<void> {
    const graceMs = (): number => Math.max(0, Math.min(child.spec.graceMs, deadline - Date.now()));
    await child.run?.stop(graceMs());
    await child.keeping;
    // A restart may have been under way: its run is another one.
    await child.run?.stop(graceMs());
    child.log.close();
  }

  return {
    async start(spec) {
      stopping.signal.throwIfAborted();
      const log = createBoundedLog(path.join(options.logDir, `${spec.name}.log`));
      const child: Supervised = { spec, log, run: null, keeping: Promise.resolve() };
      children.push(child);
      const starting = firstStart(child);
      child.keeping = starting.then(
        () => undefined,
        () => undefined,
      );
      child.keeping = keep(child, await starting);
    },
    async stop(deadlineMs) {
      const deadline = Date.now() + deadlineMs - KILL_RESERVE_MS;
      stopping.abort(new Error('stopping'));
      for (const together of inStopOrder(children)) {
        await Promise.all(together.map((child) => end(child, deadline)));
      }
      children.length = 0;
    },
    async restart(name) {
      const child = children.find((each) => each.spec.name === name);
      await child?.run?.stop(child.spec.graceMs);
    },
    kill() {
      stopping.abort(new Error('stopping'));
      for (const child of children) child.run?.kill();
    },
  };
}

/** The last started first; neighbours of one group together. */
function inStopOrder(children: readonly Supervised[]): Supervised[][] {
  const groups: Supervised[][] = [];
  for (const child of [...children].reverse()) {
    const last = groups.at(-1);
    const group = child.spec.group;
    if (last !== undefined && group !== undefined && last[0]?.spec.group === group) last.push(child);
    else groups.push([child]);
  }
  return groups;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
