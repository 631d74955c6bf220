import { DELIVER_TASK } from '../../ports/deliveries.ts';
import { ADD_JOB, deliveryKey, queueOf } from '../notices/add-job.ts';
import type { Queryable } from '../transaction.ts';

/**
 * Queues a delivery once more under its id, from the begin of its schedule. One that waits is tried now; behind an
 * earlier one of its group it keeps its place.
 */
export async function resend(client: Queryable, workspaceId: number, id: string): Promise<void> {
  const { rows } = await client.query<{ receiver: string }>(RESEND, [workspaceId, id]);
  for (const { receiver } of rows) {
    await client.query(ADD_JOB, [DELIVER_TASK, id, queueOf(receiver), null, deliveryKey(id)]);
  }
}

const RESEND = `
  update delivery set state = 'waiting', next_try_at = clock_timestamp(), not_before = null, done_at = null,
    message = null, failures = 0, insists = true
  where workspace_id = $1 and id = $2::uuid
  returning receiver`;
