import type { NumberedFrame } from '../model/frame.ts';

/** A frame with the number its one writer gave it. */
export interface StoredFrame {
  readonly number: bigint;
  readonly frame: NumberedFrame;
}

/** The web's side of the live stream. */
export interface FrameReader {
  /** Frames after `number`, oldest first, at most `limit`; null when some after it are already dropped. */
  after(number: bigint, limit: number): Promise<readonly StoredFrame[] | null>;
  newest(): Promise<bigint>;
  /** Calls back after new frames were committed. Notices can be lost: the caller polls by number as well. */
  listen(onNotice: () => void): Promise<{ close(): Promise<void> }>;
}

/** The writer's side: one process at a time holds it. */
export interface FrameWriter {
  /** Tries to become the one writer on a connection of its own; false while another process is. */
  acquire(): Promise<boolean>;
  /** Moves the outbox into numbered frames and notifies, in one transaction; answers how many. Drops frames past the newest 10,000. */
  flush(): Promise<number>;
  release(): Promise<void>;
}
