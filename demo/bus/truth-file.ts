import { appendFile } from 'node:fs/promises';
import type { TruthLine } from '../contracts/truth.ts';

/** Takes the truth about produced records. */
export type TellTruth = (line: TruthLine) => Promise<void>;

/**
 * Appends each line with one write at the end of the file, so that several processes can share it: a line is far
 * shorter than what the kernel appends whole. Without a file the truth is not told.
 */
export function truthFile(path: string | null): TellTruth {
  if (path === null) return async () => {};
  return (line) => appendFile(path, `${JSON.stringify(line)}\n`);
}
