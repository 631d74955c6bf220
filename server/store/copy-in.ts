import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import type { CopyBinary } from './copy-binary.ts';

/**
 * Sends encoded rows into `table`. Nothing is sent when there are none. The chunks are in memory already, so they are
 * handed over at once; a pipe would come back for each of them.
 */
export async function copyIn(client: PoolClient, table: string, columns: string, rows: CopyBinary): Promise<void> {
  if (rows.rows === 0) return;
  const stream = client.query(from(`copy ${table} (${columns}) from stdin (format binary)`));
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('finish', () => resolve());
    for (const chunk of rows.finish()) stream.write(chunk);
    stream.end();
  });
}
