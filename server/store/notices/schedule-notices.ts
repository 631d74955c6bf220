import type { PoolClient } from 'pg';
import type { AlertNotice } from '../../model/alert-notice.ts';
import { NOTIFY_TASK } from '../../ports/deliveries.ts';
import { ADD_JOB } from './add-job.ts';

/**
 * Writes down what is to be told, inside the caller's transaction, and wakes the task that tells it: both happen when
 * the transaction commits, or neither. Notices for nobody are left out. The job library's schema must stand.
 */
export async function scheduleNotices(
  client: Pick<PoolClient, 'query'>,
  workspaceId: number,
  notices: readonly AlertNotice[],
): Promise<void> {
  const said = notices.filter(({ receivers }) => receivers.length > 0).map((notice) => JSON.stringify(notice));
  if (said.length === 0) return;
  await client.query(INSERT, [workspaceId, said]);
  await client.query(ADD_JOB, [NOTIFY_TASK, String(workspaceId), null, null, `notify ${workspaceId}`]);
}

const INSERT = `
  insert into notice (workspace_id, said)
  select $1, said from unnest($2::text[]) with ordinality as given (said, place) order by place`;
