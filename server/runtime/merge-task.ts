import type { MergeStore } from '../ports/merge-store.ts';

export const MERGE_EVERY_MS = 15_000;

/** Steps of one run: some seconds of work at most, so that a tap that stops does not wait long, and others have their turn. */
const STEPS = 10;

/** One run of the merging of small segments, with a plain line for a day that is done. */
export function createMergeTask(store: MergeStore, say: (line: string) => void): () => Promise<void> {
  return async () => {
    for (let i = 0; i < STEPS; i++) {
      const step = await store.step();
      if (step === 'idle') return;
      if (step === 'working') continue;
      say(
        `Merged the segments of ${step.day}: ${step.segmentsBefore} are now ${step.segmentsAfter}, ${megabytes(step.bytesBefore)} are now ${megabytes(step.bytesAfter)}.`,
      );
    }
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
