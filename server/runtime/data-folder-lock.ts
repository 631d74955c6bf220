import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { identifyProcess, isRunning } from './supervise/process-identity.ts';
import { writeAtomically } from './supervise/write-atomically.ts';

const lockSchema = z.object({
  pid: z.number().int(),
  started: z.string(),
  /** Where its pages are. */
  address: z.string(),
});

export type LockHolder = z.output<typeof lockSchema>;

export type LockResult =
  | { readonly ok: true; readonly lock: DataFolderLock }
  /** Another process that runs now has it. */
  | { readonly ok: false; readonly holder: LockHolder };

export interface DataFolderLock {
  release(): void;
}

const TRIES = 5;

/**
 * Makes this process the only one on a data folder. The lock is a file that names its holder by pid and start time, so
 * that the lock of a killed process is recognised and taken over, even when its pid was given to another.
 */
export function lockDataFolder(file: string, address: string): LockResult {
  const self = identifyProcess(process.pid);
  if (self === null) throw new Error('this process cannot be identified');
  const text = `${JSON.stringify({ ...self, address })}\n`;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (createExclusively(file, text)) return { ok: true, lock: { release: () => release(file, text) } };
    const found = read(file);
    if (found === null) continue;
    const holder = parse(found);
    if (holder !== null && isRunning(holder)) return { ok: false, holder };
    removeStale(file, found);
  }
  throw new Error(`could not take the lock ${file}: others keep taking it`);
}

/** A link appears whole or not at all, and fails when the name is taken. */
function createExclusively(file: string, text: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves the stale file away. Should another process have replaced it meanwhile, its lock is put back. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== null && moved !== stale) writeAtomically(file, moved);
  rmSync(aside, { force: true });
}

function release(file: string, text: string): void {
  if (read(file) === text) rmSync(file, { force: true });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string): LockHolder | null {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
