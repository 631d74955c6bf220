import type { InternalConnection, InternalPool } from './kafkajs-internals.ts';

/** The connection was closed by us. */
export class ConnectionClosedError extends Error {
  readonly code = 'connection_closed';
}

/** A pool that can be ended for good. */
export interface ClosablePool {
  /** Rejects once the pool is closed, with the reason. */
  readonly closed: Promise<never>;
  /** Rejects what is in flight, destroys the sockets, and dials no more. Safe to call again. */
  close(reason?: Error): void;
}

/**
 * Gives kafkajs's pool an end. By itself it dials again for any later request, also after `disconnect`; two requests at
 * once dial two sockets and lose one; and `disconnect` waits for answers that a frozen broker never sends.
 */
export function makeClosable(pool: InternalPool): ClosablePool {
  const ended = new AbortController();
  const closed = new Promise<never>((_, reject) => {
    ended.signal.addEventListener('abort', () => reject(ended.signal.reason), { once: true });
  });
  closed.catch(() => undefined);
  const dial = pool.getConnection.bind(pool);
  const dialling = new Map<number, Promise<InternalConnection>>();

  pool.getConnection = async (index = 0) => {
    if (ended.signal.aborted) throw ended.signal.reason;
    const connection = pool.pool[index];
    if (connection?.isConnected()) return connection;
    const begun = dialling.get(index);
    if (begun !== undefined) return begun;
    const dialled = Promise.race([dial(index), closed]).finally(() => dialling.delete(index));
    dialling.set(index, dialled);
    return dialled;
  };

  return {
    closed,
    close(reason = new ConnectionClosedError('the connection was closed')) {
      if (ended.signal.aborted) return;
      ended.abort(reason);
      for (const connection of pool.pool) end(connection, reason);
    },
  };
}

function end(connection: InternalConnection, reason: Error): void {
  connection.rejectRequests(reason);
  connection.disconnect().catch(() => undefined);
  connection.socket?.destroy();
}
