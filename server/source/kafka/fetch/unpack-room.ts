/** Unpacking waits above this many unpacked bytes that are not delivered yet. */
const ROOM_BYTES = 64 * 1024 * 1024;
/** Batches unpacked at the same moment: what comes out of one is only known afterwards, up to the cap. */
const UNPACKED_AT_ONCE = 2;

/**
 * Bounds the memory of compressed batches over all partitions: a few kilobytes may unpack to a hundred megabytes. At
 * most the room, and one batch more for each that was being unpacked, is held at any time.
 */
export interface UnpackRoom {
  /** Whether a batch would have to wait. Who holds bytes must let them go before waiting. */
  readonly full: boolean;
  /** Runs `unpack` when there is room, and takes the bytes that `sizeOf` finds in its answer. */
  unpack<T>(unpack: () => Promise<T>, sizeOf: (answer: T) => number): Promise<T>;
  /** Gives bytes back. */
  leave(bytes: number): void;
}

export function createUnpackRoom(): UnpackRoom {
  let held = 0;
  let unpacking = 0;
  const waiting: (() => void)[] = [];

  const full = (): boolean => held >= ROOM_BYTES || unpacking >= UNPACKED_AT_ONCE;
  const next = (): void => {
    if (!full()) waiting.shift()?.();
  };

  return {
    get full() {
      return full();
    },
    async unpack(unpack, sizeOf) {
      while (full()) await new Promise<void>((resolve) => waiting.push(resolve));
      unpacking += 1;
      try {
        const answer = await unpack();
        held += sizeOf(answer);
        return answer;
      } finally {
        unpacking -= 1;
        next();
      }
    },
    leave(bytes) {
      held -= bytes;
      if (bytes > 0) next();
    },
  };
}
