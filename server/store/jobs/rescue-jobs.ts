import type { Pool } from 'pg';
import { JOB_QUEUE } from '../../ports/job-store.ts';

/**
 * Frees jobs that a process held that died, which the job library itself would do after four hours, and enqueues again
 * those that are at work by our row and unknown to the library. Should the process live after all, two of them go on
 * with one job, which is safe: each piece is taken by compare-and-set.
 */
export async function rescueJobs(pool: Pool): Promise<void> {
  await pool.query(UNLOCK);
  await pool.query(ENQUEUE, [JOB_QUEUE]);
}

/** A piece takes well below a second; a job that has not moved for this long is held by nobody. */
const QUIET = `interval '30 seconds'`;

// Ended ones too: who died with a job that was cancelled afterwards still locks the queue, and so all that follow.
const UNLOCK = `
  select graphile_worker.force_unlock_workers(array_agg(g.locked_by))
  from job j join graphile_worker.jobs g on g.key = 'job ' || j.id
  where g.locked_by is not null and g.locked_at < now() - ${QUIET}
    and coalesce(j.moved_at, j.requested_at) < now() - ${QUIET}
  having count(*) > 0`;

const ENQUEUE = `
  select graphile_worker.add_job(j.kind, payload => json_build_object('job', j.id), queue_name => $1, max_attempts => 100,
    job_key => 'job ' || j.id)
  from job j
  where j.state in ('queued', 'running') and not exists (
    select from graphile_worker.jobs g where g.key = 'job ' || j.id and g.attempts < g.max_attempts)`;
