import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import type { CopyBinary } from './copy-binary.ts';

/** Sends encoded rows into `table`. Nothing is sent when there are none. */
export async function copyIn(client: PoolClient, table: string, columns: string, rows: CopyBinary): Promise<void> {
  if (rows.rows === 0) return;
  const stream = client.query(from(`copy ${table} (${columns}) from stdin (format binary)`));
  await pipeline(Readable.from(rows.finish(), { objectMode: true }), stream);
}
