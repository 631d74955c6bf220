import type { Pool } from 'pg';
import { findOriginals } from '../store/dead-letters/find-originals.ts';

/** Between looks for the originals of dead letters: those that are due, which mostly are none. */
export const ORIGINALS_EVERY_MS = 1_000;
/** Looks of one turn: a queue that is read from its beginning has many, and the next turn goes on. */
const MOST_LOOKS = 50;

/** Looks for the originals of dead letters until none is due. */
export function createOriginalsTask(pool: Pool, workspaceId: number): () => Promise<void> {
  return async () => {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      if (!(await findOriginals(pool, workspaceId)).more) return;
    }
  };
}
