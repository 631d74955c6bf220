import type { FrameWriter } from '../ports/frame-store.ts';

/** Numbers the frames that settle and watch left in the outbox, while this process is the one writer. */
export interface FramePublisher {
  /** Tries to become the writer when nobody is, and publishes what waits. Throws when the store is away. */
  publish(): Promise<void>;
  stop(): Promise<void>;
}

/** A publisher that gives its place up whenever a flush fails: the lock may have gone with the connection. */
export function createFramePublisher(writer: FrameWriter): FramePublisher {
  let leads = false;
  return {
    async publish() {
      leads ||= await writer.acquire();
      if (!leads) return;
      try {
        await writer.flush();
      } catch (error) {
        leads = false;
        await writer.release();
        throw error;
      }
    },
    async stop() {
      leads = false;
      await writer.release();
    },
  };
}
