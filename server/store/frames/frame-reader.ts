import type { Pool, PoolClient } from 'pg';
import type { NumberedFrame } from '../../model/frame.ts';
import type { FrameReader, StoredFrame } from '../../ports/frame-store.ts';

/** Channel that carries the newest number. */
export const FRAMES_CHANNEL = 'throughline_frames';

/** Pause before a lost listening connection is made anew. */
const RECONNECT_MS = 1000;

/** Reads numbered frames. `listen` holds one connection of the pool and makes a new one when it is lost. */
export function createFrameReader({ pool }: { readonly pool: Pool }): FrameReader {
  return {
    after: (number, limit) => framesAfter(pool, number, limit),
    async newest() {
      const { rows } = await pool.query<{ newest: string }>(
        'select coalesce(max(number), 0)::text as newest from frame',
      );
      return BigInt(rows[0]?.newest ?? 0);
    },
    async listen(onNotice) {
      const listener = new Listener(pool, onNotice);
      await listener.open();
      return { close: () => listener.close() };
    },
  };
}

interface FrameRow {
  number: string | null;
  body: NumberedFrame | null;
  complete: boolean;
}

async function framesAfter(pool: Pool, number: bigint, limit: number): Promise<readonly StoredFrame[] | null> {
  const { rows } = await pool.query<FrameRow>(AFTER, [number.toString(), limit]);
  if (rows[0]?.complete !== true) return null;
  return rows.flatMap(({ number: stored, body }) =>
    stored === null || body === null ? [] : [{ number: BigInt(stored), frame: body }],
  );
}

// Complete: nothing after the number was dropped, and the number is one that this writer gave.
const AFTER = `
  with ends as (select coalesce(min(number), 1) as oldest, coalesce(max(number), 0) as newest from frame)
  select f.number::text, f.body, $1::bigint >= oldest - 1 and $1::bigint <= newest as complete
  from ends left join lateral (
    select number, body from frame where number > $1::bigint order by number limit $2
  ) f on true
  order by f.number`;

class Listener {
  readonly #pool: Pool;
  readonly #onNotice: () => void;
  #client: PoolClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(pool: Pool, onNotice: () => void) {
    this.#pool = pool;
    this.#onNotice = onNotice;
  }

  async open(): Promise<void> {
    const client = await this.#pool.connect();
    client.on('notification', this.#onNotice);
    client.on('error', () => this.#lost(client));
    try {
      await client.query(`listen ${FRAMES_CHANNEL}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (this.#closed) client.release(true);
    else this.#client = client;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#client?.release(true);
    this.#client = null;
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.release(true);
    this.#retry();
  }

  /** Tries until it listens again; frames written meanwhile are found by number. */
  #retry(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.open().then(this.#onNotice, () => this.#retry());
    }, RECONNECT_MS);
    this.#timer.unref();
  }
}
