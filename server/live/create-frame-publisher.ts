import type { FrameWriter } from '../ports/frame-store.ts';

/** Numbers the frames that settle and watch left in the outbox, while this process is the one writer. */
export interface FramePublisher {
  /** Publishes what waits, or tries to become the writer. Throws when the store is away. Meant to be called often. */
  publish(): Promise<void>;
  stop(): Promise<void>;
}

/** A process that is not the writer asks again only at every so many calls: asking costs a connection. */
const CALLS_BETWEEN_ATTEMPTS = 15;

/** A publisher that gives its place up whenever a flush fails: the lock may have gone with the connection. */
export function createFramePublisher(writer: FrameWriter): FramePublisher {
  let leads = false;
  let callsToAttempt = 0;

  const lead = async (): Promise<boolean> => {
    if (callsToAttempt > 0) {
      callsToAttempt -= 1;
      return false;
    }
    callsToAttempt = CALLS_BETWEEN_ATTEMPTS;
    return writer.acquire();
  };

  return {
    async publish() {
      leads ||= await lead();
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
