import type { Pool, PoolClient } from 'pg';
import type { FrameWriter } from '../../ports/frame-store.ts';
import { LOCKS } from '../locks.ts';
import { transactionOn } from '../transaction.ts';
import { FRAMES_CHANNEL } from './frame-reader.ts';

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
      const client = await lock(pool);
      if (client === null) return false;
      held = client;
      client.on('error', () => drop(client));
      return true;
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
      const client = held;
      if (client === null) return;
      // Said before the connection closes, so that the next writer need not wait for the server to notice.
      await client.query('select pg_advisory_unlock($1, 0)', [LOCKS.frames]).catch(() => undefined);
      drop(client);
    },
  };
}

/** A connection that holds the lock; null while another process has it. */
async function lock(pool: Pool): Promise<PoolClient | null> {
  return withClientKept(pool, async (client) => {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, 0) as locked', [
      LOCKS.frames,
    ]);
    return rows[0]?.locked === true;
  });
}

/** Keeps the connection when `wanted` says so, else hands it back; closes it when it throws. */
async function withClientKept(
  pool: Pool,
  wanted: (client: PoolClient) => Promise<boolean>,
): Promise<PoolClient | null> {
  const client = await pool.connect();
  const ignore = () => {};
  client.on('error', ignore);
  let kept: boolean;
  try {
    kept = await wanted(client);
  } catch (error) {
    client.release(true);
    throw error;
  }
  client.off('error', ignore);
  if (kept) return client;
  client.release();
  return null;
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
