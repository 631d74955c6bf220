import { createHash } from 'node:crypto';

/** A statement that each connection parses once and plans at most a few times. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/**
 * For a fixed text that is asked often and finds few rows by their keys: to plan one over partitioned tables takes as long as
 * to run it, or longer. Ask it as `client.query({ ...statement, values })`, in a transaction that begins with
 * `BEGIN.prepared` and in no other. Its name follows from its text, so that no two statements share one.
 */
export function prepared(text: string): Prepared {
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
}
