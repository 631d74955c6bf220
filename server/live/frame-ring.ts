import type { StoredFrame } from '../ports/frame-store.ts';

/** The newest frames in memory, so that a client resumes without asking the store. */
export interface FrameRing {
  /** Number of the newest frame known; where the ring began while there is none. */
  newest(): bigint;
  push(frame: StoredFrame): void;
  /** Frames after `number`, oldest first; null when some after it are no longer held, or it was never given. */
  after(number: bigint): readonly StoredFrame[] | null;
}

/** A ring that knows every frame after `begin` and keeps the newest `limit`; older ones are let go. */
export function createFrameRing(begin: bigint, limit: number): FrameRing {
  let held: StoredFrame[] = [];
  /** Every frame after this number is held. */
  let complete = begin;
  const newest = (): bigint => held.at(-1)?.number ?? complete;
  return {
    newest,
    push(frame) {
      held.push(frame);
      // Cut at twice the limit: a push stays cheap, and never less than the limit is held.
      if (held.length < limit * 2) return;
      complete = held[limit - 1]?.number ?? complete;
      held = held.slice(limit);
    },
    after(number) {
      if (number < complete || number > newest()) return null;
      return held.filter((frame) => frame.number > number);
    },
  };
}
