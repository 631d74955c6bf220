import type { Pool } from 'pg';
import { DELIVER_TASK, NOTIFY_TASK } from '../../ports/deliveries.ts';
import { deliveryKey, queueOf } from '../notices/add-job.ts';

/**
 * Frees what a process held that died, queues again what is due and unknown to the job library or was passed over, and forgets deliveries
 * that were done long ago. A try takes 15 s at most, so what is held for longer is held by nobody; should its process
 * live after all, the delivery is sent twice under one id.
 * @param keptMs how long deliveries are kept
 */
export async function rescueDeliveries(pool: Pool, keptMs: number, heldMs = 30_000): Promise<void> {
  await pool.query(UNLOCK, [[DELIVER_TASK, NOTIFY_TASK], heldMs]);
  await pool.query(FORGET_REPLACED, [[DELIVER_TASK, NOTIFY_TASK]]);
  await pool.query(GIVE_TURN);
  await pool.query(REQUEUE_DELIVERIES, [DELIVER_TASK]);
  await pool.query(REQUEUE_NOTICES, [NOTIFY_TASK]);
  await pool.query(FORGET, [keptMs]);
}

// A queue can be held without a job in hand: the library frees it with the job's own row, and that can be gone.
const UNLOCK = `
  select graphile_worker.force_unlock_workers(array_agg(held.locked_by))
  from (
    select locked_by from graphile_worker.jobs where task_identifier = any($1::text[])
      and locked_by is not null and locked_at < now() - $2::float8 * interval '1 millisecond'
    union
    select locked_by from graphile_worker._private_job_queues where starts_with(queue_name, '${queueOf('')}')
      and locked_by is not null and locked_at < now() - $2::float8 * interval '1 millisecond'
  ) held having count(*) > 0`;

/** A job that another one replaced while it was in hand is never run again: it goes with its process, or is deleted here. */
const FORGET_REPLACED = `
  select graphile_worker.complete_jobs(array_agg(g.id))
  from graphile_worker.jobs g
  where g.task_identifier = any($1::text[]) and g.key is null and g.attempts >= g.max_attempts and g.locked_at is null
  having count(*) > 0`;

/** What waits for an earlier one of its group, and there is none, was passed over: without this it would wait for ever. */
const GIVE_TURN = `
  update delivery d set next_try_at = clock_timestamp()
  where d.state = 'waiting' and d.next_try_at is null and not exists (
    select from delivery e where e.group_id = d.group_id and e.state = 'waiting' and e.ordinal < d.ordinal)`;

/** What is due for so long is not on its way. */
const OVERDUE = `now() - interval '10 seconds'`;

const REQUEUE_DELIVERIES = `
  select graphile_worker.add_job($1, payload => json_build_object('job', d.id), queue_name => '${queueOf('')}' || d.receiver,
    max_attempts => 100, job_key => '${deliveryKey('')}' || d.id)
  from delivery d
  where d.state = 'waiting' and d.next_try_at < ${OVERDUE} and not exists (
    select from graphile_worker.jobs g
    where g.key = '${deliveryKey('')}' || d.id and g.attempts < g.max_attempts and (g.locked_at is not null or g.run_at <= now()))`;

const REQUEUE_NOTICES = `
  select graphile_worker.add_job($1, payload => json_build_object('job', w.id::text), max_attempts => 100,
    job_key => 'notify ' || w.id)
  from (
    select workspace_id as id from notice where noticed_at < ${OVERDUE}
    union select workspace_id from notification_group where due_at < ${OVERDUE}
  ) w
  where not exists (
    select from graphile_worker.jobs g
    where g.key = 'notify ' || w.id and g.attempts < g.max_attempts and (g.locked_at is not null or g.run_at <= now()))`;

const FORGET = `
  with old as (
    delete from delivery where id in (
      select id from delivery where done_at < now() - $1::float8 * interval '1 millisecond' order by done_at limit 1000)
    returning id
  )
  delete from delivery_attempt where delivery_id in (select id from old)`;
