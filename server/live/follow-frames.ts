import type { FrameReader, StoredFrame } from '../ports/frame-store.ts';
import { createFrameRing, type FrameRing } from './frame-ring.ts';
import { singleFlight } from './single-flight.ts';

const BATCH = 500;

/** Reads on in the numbered frames, and keeps the newest in memory. */
export interface FrameFollower {
  /** Null until the store was reached for the first time. */
  ring(): FrameRing | null;
  /** Reads what is new. Throws when the store is away; the next call goes on where this one stood. */
  readOn(): Promise<void>;
}

export interface FollowOptions {
  readonly frames: FrameReader;
  /** Frames kept for clients that resume. */
  readonly keep: number;
  /** The store was reached for the first time: `ring` is there. */
  readonly onBegin: () => void;
  readonly onFrame: (frame: StoredFrame) => void;
  /** Frames were lost between what was read and what is there, or the store began anew. */
  readonly onGap: () => void;
}

/** Follows the frames from the newest `keep` on. */
export function followFrames({ frames, keep, onBegin, onFrame, onGap }: FollowOptions): FrameFollower {
  let ring: FrameRing | null = null;

  const begin = async (): Promise<FrameRing> => {
    const newest = await frames.newest();
    const from = newest > BigInt(keep) ? newest - BigInt(keep) : 0n;
    const older = await frames.after(from, keep);
    const made = createFrameRing(older === null ? newest : from, keep);
    for (const frame of older ?? []) made.push(frame);
    return made;
  };

  const readOn = async (): Promise<void> => {
    if (ring === null) {
      ring = await begin();
      onBegin();
      return;
    }
    for (;;) {
      const batch = await frames.after(ring.newest(), BATCH);
      if (batch === null) {
        ring = await begin();
        onGap();
        return;
      }
      for (const frame of batch) {
        ring.push(frame);
        onFrame(frame);
      }
      if (batch.length < BATCH) return;
    }
  };

  return { ring: () => ring, readOn: singleFlight(readOn) };
}
