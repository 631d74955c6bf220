import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../e2e/support/until.ts';
import type { JobStore } from '../ports/job-store.ts';
import { createJobStore } from '../store/jobs/job-store.ts';
import { rescueJobs } from '../store/jobs/rescue-jobs.ts';
import { openPool } from '../store/open-pool.ts';
import { openStore, type TestStore } from '../store/store.test-support.ts';
import { createJobRunner, type JobTask } from './create-job-runner.ts';
import { migrateJobs } from './migrate-jobs.ts';

let store: TestStore;
let jobs: JobStore;
beforeAll(async () => {
  store = await openStore();
  jobs = createJobStore({ pool: store.pool, workspaceId: 1 });
  // Several taps begin at once.
  await Promise.all([1, 2, 3].map(() => migrateJobs(store.database.url)));
});
beforeEach(async () => {
  await store.pool.query('truncate job; truncate graphile_worker._private_jobs cascade');
});
afterAll(() => store.close());

/** A runner with its own pool, as a tap has it. */
function runnerWith(task: JobTask) {
  const pool = openPool({ connectionString: store.database.url, max: 3 });
  pool.on('error', () => undefined);
  const failures: unknown[] = [];
  const runner = createJobRunner({
    pool,
    tasks: { 're-resolve': task, 're-settle': task },
    rescue: () => rescueJobs(pool),
    onFailure: (error) => failures.push(error),
    onWorked: () => {},
  });
  return {
    failures,
    pool,
    start: () => runner.start(),
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}

const libraryJobs = async () =>
  (await store.pool.query<{ key: string; locked_by: string | null }>('select key, locked_by from graphile_worker.jobs'))
    .rows;

test('a job is queued together with its entry in the library, and a second one is answered with the first', async () => {
  const first = await jobs.request('older rules');
  expect(first).toMatchObject({ kind: 'queued', job: { kind: 're-resolve', state: 'queued', done: '0', total: '0' } });
  expect(await libraryJobs()).toEqual([{ key: `job ${first.job.id}`, locked_by: null }]);
  const answers = await Promise.all([jobs.request('older rules'), jobs.request('registry unreachable')]);
  expect(answers).toEqual([
    { kind: 'busy', job: first.job },
    { kind: 'busy', job: first.job },
  ]);
  expect(await libraryJobs()).toHaveLength(1);
  expect(await jobs.newest('re-resolve')).toEqual(first.job);
  expect(await jobs.list()).toEqual([first.job]);
});

test('one job of each kind can be queued; each is told by its kind, and all share a queue', async () => {
  const { job: reSettle } = await jobs.request('older topology');
  expect(await jobs.request('older rules')).toMatchObject({ kind: 'queued' });
  expect(await jobs.request('older topology')).toEqual({ kind: 'busy', job: reSettle });
  expect(await jobs.newest('re-settle')).toEqual(reSettle);
  expect((await jobs.newest('re-resolve'))?.kind).toBe('re-resolve');
  await store.pool.query('truncate graphile_worker._private_jobs cascade');
  await rescueJobs(store.pool);
  const { rows } = await store.pool.query(
    'select task_identifier, queue_name from graphile_worker.jobs order by task_identifier',
  );
  expect(rows).toEqual([
    { task_identifier: 're-resolve', queue_name: 're-resolve' },
    { task_identifier: 're-settle', queue_name: 're-resolve' },
  ]);
});

test('a queued job is run at once, whoever queued it, and by one process alone', async () => {
  const runs: string[] = [];
  const task: JobTask = async (id) => {
    runs.push(id);
    await store.pool.query(`update job set state = 'done' where id = $1`, [id]);
  };
  const runners = [runnerWith(task), runnerWith(task)];
  for (const runner of runners) runner.start();
  const { job } = await jobs.request('older rules');
  await until('the job to be run', async () => (await jobs.newest('re-resolve'))?.state === 'done');
  await until('the library to forget it', async () => (await libraryJobs()).length === 0);
  for (const runner of runners) await runner.stop();
  expect(runs).toEqual([job.id]);
  expect(runners.flatMap(({ failures }) => failures)).toEqual([]);
});

test('a job whose process was killed is gone on with by another one', async () => {
  const { job } = await jobs.request('older rules');
  // As a killed process leaves it: locked in the library, running in our row, and nothing moves.
  await store.pool.query(`select graphile_worker.force_unlock_workers(array['nobody'])`);
  await store.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '1 minute', attempts = 1`,
  );
  await store.pool.query(`update job set state = 'running', moved_at = now() - interval '1 minute'`);
  const runs: string[] = [];
  const runner = runnerWith(async (id) => {
    runs.push(id);
    await store.pool.query(`update job set state = 'done' where id = $1`, [id]);
  });
  runner.start();
  await until('the job to be gone on with', async () => (await jobs.newest('re-resolve'))?.state === 'done', {
    timeoutMs: 30_000,
  });
  await runner.stop();
  expect(runs).toEqual([job.id]);
});

test('a job that was cancelled after its process was killed does not hold the next one up', async () => {
  const { job: killed } = await jobs.request('older rules');
  await store.pool.query(
    `with locked as (
       update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '1 minute', attempts = 1
       returning job_queue_id)
     update graphile_worker._private_job_queues q set locked_by = 'dead', locked_at = now() - interval '1 minute'
     from locked where q.id = locked.job_queue_id`,
  );
  await store.pool.query(`update job set state = 'running', moved_at = now() - interval '1 minute'`);
  await jobs.cancel(killed.id);
  const { job: next } = await jobs.request('older rules');
  const runs: string[] = [];
  const runner = runnerWith(async (id) => {
    runs.push(id);
    await store.pool.query(`update job set state = 'done' where id = $1 and state = 'queued'`, [id]);
  });
  runner.start();
  await until('the next job to be done', async () => (await jobs.newest('re-resolve'))?.state === 'done', {
    timeoutMs: 30_000,
  });
  await runner.stop();
  expect(runs).toContain(next.id);
});

test('a job that moves is left to who has it, and one that the library lost is queued again', async () => {
  await jobs.request('older rules');
  await store.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'alive', locked_at = now() - interval '1 hour'`,
  );
  await store.pool.query(`update job set state = 'running', moved_at = now()`);
  await rescueJobs(store.pool);
  expect((await libraryJobs())[0]?.locked_by).toBe('alive');
  await store.pool.query('truncate graphile_worker._private_jobs cascade');
  await rescueJobs(store.pool);
  await rescueJobs(store.pool);
  expect(await libraryJobs()).toHaveLength(1);
});

test('a stopped runner ends its task early, and the job waits for the next start', async () => {
  let begun = false;
  const runner = runnerWith(async (id, signal) => {
    await store.pool.query(`update job set state = 'running' where id = $1`, [id]);
    begun = true;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  });
  runner.start();
  await jobs.request('older rules');
  await until('the task to begin', async () => begun);
  await runner.stop();
  expect((await jobs.newest('re-resolve'))?.state).toBe('running');
  await rescueJobs(store.pool);
  expect(await libraryJobs()).toMatchObject([{ locked_by: null }]);
});

test('a job can be cancelled while it waits and while it runs, and one that has ended stays so', async () => {
  const { job } = await jobs.request('older rules');
  expect(await jobs.cancel(job.id)).toMatchObject({ id: job.id, state: 'cancelled' });
  await store.pool.query(`update job set state = 'done' where id = $1`, [job.id]);
  expect(await jobs.cancel(job.id)).toMatchObject({ state: 'done' });
  expect(await jobs.cancel('00000000-0000-0000-0000-000000000000')).toBeNull();
  expect((await jobs.request('older rules')).kind).toBe('queued');
});
