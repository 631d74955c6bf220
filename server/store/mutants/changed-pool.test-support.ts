import type { Pool, PoolClient } from 'pg';

/** What happens to the statements of a pool's clients. */
export interface StatementChanges {
  /** The text to send instead. */
  rewrite?(text: string): string;
  /** Runs before each statement that is a text, on the connection that will send it. */
  before?(text: string, client: PoolClient): Promise<void>;
  /** Sees the rows that a statement answered. */
  after?(text: string, rows: readonly Record<string, unknown>[]): void;
}

/**
 * The same pool, for code that borrows clients: what they send passes through `changes`. So real code is run with one
 * statement changed, or with something else between two of its statements, and knows nothing of it.
 */
export function changedPool(pool: Pool, changes: StatementChanges): Pool {
  return replacing(pool, 'connect', async () => changedClient(await pool.connect(), changes));
}

function changedClient(client: PoolClient, { rewrite = same, before, after }: StatementChanges): PoolClient {
  const send = async (query: unknown, values?: unknown[]): Promise<unknown> => {
    const text = textOf(query);
    if (text === null) return client.query(query as never);
    await before?.(text, client);
    const answer = await client.query(withText(query, rewrite(text)) as never, values);
    after?.(text, (answer as unknown as { rows?: Record<string, unknown>[] }).rows ?? []);
    return answer;
  };
  // Rows that are copied in are sent by an object that the client drives: it is handed on as it is, and at once.
  return replacing(client, 'query', (query: unknown, values?: unknown[]) =>
    textOf(query) === null ? client.query(query as never) : send(query, values),
  );
}

/** An object that answers one name by another value, and every other one as before. */
function replacing<T extends object>(object: T, name: string, value: unknown): T {
  return new Proxy(object, {
    get(target, key) {
      if (key === name) return value;
      const own: unknown = Reflect.get(target, key, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

function textOf(query: unknown): string | null {
  if (typeof query === 'string') return query;
  const isConfig = typeof query === 'object' && query !== null && 'text' in query && !('submit' in query);
  return isConfig && typeof query.text === 'string' ? query.text : null;
}

function withText(query: unknown, text: string): unknown {
  return typeof query === 'string' ? text : { ...(query as object), text };
}

const same = (text: string): string => text;

/** A text with one part replaced, as a planted mistake needs it: the part must be there, and there once. */
export function replacedOnce(text: string, part: string, by: string): string {
  const pieces = text.split(part);
  if (pieces.length !== 2) throw new Error(`found ${pieces.length - 1} times, must be there once: ${part}`);
  return pieces.join(by);
}
