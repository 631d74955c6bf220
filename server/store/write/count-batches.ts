import type { PoolClient } from 'pg';
import { countDeadLetters } from './count-dead-letters.ts';
import { countEvents } from './count-events.ts';
import { countFields } from './count-fields.ts';
import { countViolations } from './count-violations.ts';
import type { BatchRows, RowContext } from './encode-rows.ts';

/** Everything that is counted of events as they are stored, in the order in which all writers take the rows' locks. */
export async function countBatches(
  client: PoolClient,
  writerId: string,
  batches: readonly BatchRows[],
  context: RowContext,
): Promise<void> {
  await countViolations(client, writerId, batches, context);
  await countDeadLetters(client, writerId, batches, context);
  await countEvents(client, writerId, batches, context);
  await countFields(client, writerId, batches, context);
}
