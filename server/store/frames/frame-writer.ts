import type { Pool, PoolClient } from 'pg';
import type { FrameWriter } from '../../ports/frame-store.ts';
import { transactionOn } from '../transaction.ts';
import { FRAMES_CHANNEL } from './frame-reader.ts';

/** Session lock of the one writer. */
const LOCK = 7203;
/** Frames kept for clients that resume. */
export const FRAMES_KEPT = 10_000;
/** Most outbox rows moved in one flush. */
const FLUSH_LIMIT = 1000;

/** The writer lost its connection, and with it the right to write. */
export class NotFrameWriterError extends Error {
  readonly code = 'not_frame_writer';
}

/**
 * Numbers frames after commit. The lock belongs to a connection, and every write goes through that connection: a
 * writer that lost its lock cannot write.
 */
export function createFrameWriter({ pool }: { readonly pool: Pool }): FrameWriter {
  let held: PoolClient | null = null;
  const drop = (client: PoolClient) => {
    if (held !== client) return;
    held = null;
    client.release(true);
  };
  return {
    async acquire() {
      if (held !== null) return true;
      const client = await pool.connect();
      client.on('error', () => drop(client));
      held = client;
      try {
        const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, 0) as locked', [
          LOCK,
        ]);
        if (rows[0]?.locked === true) return true;
      } catch (error) {
        drop(client);
        throw error;
      }
      drop(client);
      return false;
    },
    async flush() {
      const client = held;
      if (client === null) throw new NotFrameWriterError('acquire() comes before flush()');
      try {
        return await transactionOn(client, () => moveOutbox(client));
      } catch (error) {
        drop(client);
        throw error;
      }
    },
    async release() {
      if (held !== null) drop(held);
    },
  };
}

async function moveOutbox(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ moved: number; newest: string | null }>(MOVE, [FLUSH_LIMIT]);
  const [row] = rows;
  if (row === undefined || row.newest === null) return 0;
  await client.query('select pg_notify($1, $2)', [FRAMES_CHANNEL, row.newest]);
  await client.query('delete from frame where number <= $1::bigint - $2::bigint', [row.newest, FRAMES_KEPT]);
  return row.moved;
}

const MOVE = `
  with moved as (
    delete from frame_outbox where id in (select id from frame_outbox order by id limit $1) returning id, body
  ), numbered as (
    insert into frame (number, body)
    select (select coalesce(max(number), 0) from frame) + row_number() over (order by id), body from moved
    returning number
  )
  select count(*)::int as moved, max(number)::text as newest from numbered`;
