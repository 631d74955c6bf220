import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file whole: a reader, or a kill at any time, finds the old text or the new one. Mode 0600. */
export function writeAtomically(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}
