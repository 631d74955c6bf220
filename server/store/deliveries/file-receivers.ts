import type { Pool } from 'pg';
import type { Receiver } from '../../model/receiver.ts';
import { inTransaction } from '../transaction.ts';
import { writeReceiver } from './receiver-rows.ts';

/**
 * Makes the receivers of the file those of the database: a tap calls it at its start. One that is not in the file any more
 * goes, unless a page made it; one of the page that has the name of one of the file becomes that.
 */
export async function writeFileReceivers(
  pool: Pool,
  workspaceId: number,
  receivers: readonly Receiver[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('delete from receiver where workspace_id = $1 and from_file and name <> all($2::text[])', [
      workspaceId,
      receivers.map(({ name }) => name),
    ]);
    for (const receiver of receivers) await writeReceiver(client, workspaceId, receiver, true);
  });
}
