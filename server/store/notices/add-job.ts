/**
 * Queues a job of the library: task, id of what it is about, queue or null, when (epoch ms) or null for now, and a key
 * under which there is one at most. What fails is tried again for days; `rescueDeliveries` looks after the rest.
 */
export const ADD_JOB = `
  select graphile_worker.add_job($1::text, payload => json_build_object('job', $2::text), queue_name => $3::text,
    run_at => to_timestamp($4::float8 / 1000), max_attempts => 100, job_key => $5::text)`;

/** The key of a delivery's job. */
export function deliveryKey(id: string): string {
  return `delivery ${id}`;
}

/** The queue of a receiver: its deliveries are sent one after the other, and those of others beside them. */
export function queueOf(receiver: string): string {
  return `deliver ${receiver}`;
}
