import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log file with a bound, and its last lines in memory. */
export interface BoundedLog {
  write(chunk: string): void;
  /** The last lines written, oldest first, at most 40. */
  lastLines(): readonly string[];
  close(): void;
}

const MAX_BYTES = 10 * 1024 * 1024;
const KEPT_LINES = 40;
const MAX_LINE = 2000;

/**
 * Appends to `file`; past `maxBytes` it becomes `file.1`, replacing the one before, and a new one begins. Written
 * synchronously: a crash of ours loses no line. A full disk loses lines, not the process.
 */
export function createBoundedLog(file: string, maxBytes = MAX_BYTES): BoundedLog {
  let descriptor = openSync(file, 'a', 0o600);
  let bytes = fstatSync(descriptor).size;
  let lines: string[] = [];
  let rest = '';
  const rotate = (): void => {
    closeSync(descriptor);
    renameSync(file, `${file}.1`);
    descriptor = openSync(file, 'a', 0o600);
    bytes = 0;
  };
  return {
    write(chunk) {
      const [first = '', ...more] = chunk.split('\n');
      rest = (rest + first).slice(0, MAX_LINE);
      for (const line of more) {
        lines.push(rest);
        rest = line.slice(0, MAX_LINE);
      }
      lines = lines.slice(-KEPT_LINES);
      try {
        if (bytes >= maxBytes) rotate();
        bytes += writeSync(descriptor, chunk);
      } catch {
        // No space or no file: the product goes on without this line.
      }
    },
    lastLines: () => [...lines, rest].filter((line) => line.trim() !== '').slice(-KEPT_LINES),
    close: () => closeSync(descriptor),
  };
}
