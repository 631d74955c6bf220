import type { FetchPartition } from '../wire/fetch-request.ts';

/** What to ask next: all of it in a full fetch, only what has changed in an incremental one. */
export interface FetchQuestion {
  readonly sessionId: number;
  readonly epoch: number;
  readonly changed: readonly FetchPartition[];
  /** Partitions that the broker is to leave out from now on. */
  readonly forgotten: readonly FetchPartition[];
}

/**
 * What one broker remembers of our fetches (KIP-227), so that a fetch of 3,000 quiet partitions is a few bytes either
 * way: the partitions it was told of and did not forget, each with its offset. Sessions end with the object: a lost
 * connection begins anew.
 */
export interface FetchSession {
  /** The question for these partitions, by key. It counts as asked: `answered` or `lost` must follow. */
  ask(wanted: ReadonlyMap<string, FetchPartition>): FetchQuestion;
  /** The broker keeps the session under this id; 0: it keeps none, and every fetch is a full one. */
  answered(sessionId: number): void;
  /** The broker no longer knows the session, or understood another than we meant: the next fetch is a full one. */
  lost(): void;
}

const NO_SESSION = 0;
const FULL_EPOCH = 0;
const LAST_EPOCH = 2_147_483_647;

export function createFetchSession(): FetchSession {
  let id = NO_SESSION;
  let epoch = FULL_EPOCH;
  /** At most as many as there are readers of this broker. */
  let known: ReadonlyMap<string, FetchPartition> = new Map();

  const forget = (): void => {
    id = NO_SESSION;
    epoch = FULL_EPOCH;
    known = new Map();
  };

  return {
    ask(wanted) {
      const changed: FetchPartition[] = [];
      const forgotten: FetchPartition[] = [];
      for (const [key, now] of wanted) if (!isSame(known.get(key), now)) changed.push(now);
      for (const [key, old] of known) if (wanted.get(key)?.topicId !== old.topicId) forgotten.push(old);
      known = wanted;
      return { sessionId: id, epoch, changed, forgotten };
    },
    answered(sessionId) {
      if (sessionId === NO_SESSION) return forget();
      id = sessionId;
      epoch = epoch === LAST_EPOCH ? 1 : epoch + 1;
    },
    lost: forget,
  };
}

function isSame(before: FetchPartition | undefined, now: FetchPartition): boolean {
  return before?.offset === now.offset && before.topicId === now.topicId;
}
