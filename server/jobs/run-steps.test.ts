import { describe, expect, it } from 'vitest';
import type { StepOutcome } from '../ports/job-store.ts';
import { createSteppedTask, type StepsDeps } from './run-steps.ts';

function fakeStore(steps: readonly (StepOutcome | Error)[], state: 'running' | 'cancelled' = 'running') {
  const notes: (string | null)[] = [];
  const left = [...steps];
  const store: Pick<StepsDeps, 'begin' | 'step' | 'note'> = {
    begin: async () => state,
    async step() {
      const next = left.shift();
      if (next === undefined) throw new Error('no step is left');
      if (next instanceof Error) throw next;
      return next;
    },
    async note(_id, message) {
      notes.push(message);
    },
  };
  return { store, notes, left };
}

async function runWith(fake: ReturnType<typeof fakeStore>, signal = new AbortController().signal) {
  const failures: unknown[] = [];
  let steps = 0;
  const task = createSteppedTask({
    ...fake.store,
    onStep() {
      steps += 1;
    },
    onFailure: (error) => failures.push(error),
    onWorked: () => {},
    retryMs: [0],
  });
  await task('job', signal);
  return { failures, steps };
}

describe('the task of a job that goes on in steps', () => {
  it('goes on until the store says that it is done', async () => {
    const fake = fakeStore(['working', 'working', 'done']);
    expect(await runWith(fake)).toEqual({ failures: [], steps: 3 });
    expect(fake.notes).toEqual([]);
  });

  it('looks again where others have to get on first, and wakes nobody for that', async () => {
    const fake = fakeStore(['working', 'waiting', 'waiting', 'working', 'done']);
    expect(await runWith(fake)).toEqual({ failures: [], steps: 3 });
  });

  it('tries again what failed, says so, and takes it back', async () => {
    const fake = fakeStore(['working', new Error('the database is away'), new Error('still away'), 'done']);
    expect((await runWith(fake)).failures).toHaveLength(2);
    expect(fake.notes).toEqual([
      'It waits, because of: the database is away.',
      'It waits, because of: still away.',
      null,
    ]);
  });

  it('leaves a job alone that has ended, or that another process goes on with', async () => {
    const cancelled = fakeStore(['working'], 'cancelled');
    await runWith(cancelled);
    expect(cancelled.left).toEqual(['working']);
    const taken = fakeStore(['stopped', 'working']);
    await runWith(taken);
    expect(taken.left).toEqual(['working']);
  });

  it('ends without an error when the process stops', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const fake = fakeStore(['working']);
    expect(await runWith(fake, stopping.signal)).toEqual({ failures: [], steps: 0 });
    expect(fake.left).toEqual(['working']);
  });
});
