import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import { writeAtomically } from './write-atomically.ts';

const childSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  started: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']),
});

export type RecordedChild = z.output<typeof childSchema>;
export type StopSignal = RecordedChild['stopSignal'];

/** The children that run, kept in a file so that the next start finds those that outlived a killed supervisor. */
export interface ChildRecord {
  add(name: string, pid: number, stopSignal: StopSignal): void;
  remove(pid: number): void;
}

/** A record in `file`, at first empty. */
export function createChildRecord(file: string): ChildRecord {
  const children = new Map<number, RecordedChild>();
  const write = (): void => {
    try {
      if (children.size === 0) rmSync(file, { force: true });
      else writeAtomically(file, `${JSON.stringify([...children.values()])}\n`);
    } catch {
      // A full disk must not end the supervisor: the record only helps a start after a kill, and is written anew at the
      // next change.
    }
  };
  return {
    add(name, pid, stopSignal) {
      const identity = identifyProcess(pid);
      if (identity === null) return;
      children.set(pid, { name, ...identity, stopSignal });
      write();
    },
    remove(pid) {
      if (children.delete(pid)) write();
    },
  };
}

/** Children in `file` that still run, the last started first. Start times are compared, so no stranger is among them. */
export function survivors(file: string): RecordedChild[] {
  try {
    return childSchema
      .array()
      .parse(JSON.parse(readFileSync(file, 'utf8')))
      .filter(isRunning)
      .reverse();
  } catch {
    // No file: nothing outlived. A torn one cannot be, it is replaced whole.
    return [];
  }
}

/** Stops the survivors in `file`, one after the other: the stop signal, then SIGKILL when `graceMs` is over. */
export async function stopSurvivors(file: string, graceMs: number, say: (line: string) => void): Promise<void> {
  for (const child of survivors(file)) {
    say(`Stopping ${child.name} (process ${child.pid}), left over from a start that was killed.`);
    await endProcess(child, child.stopSignal, graceMs);
  }
  rmSync(file, { force: true });
}

/** Ends a process that is not our child, and resolves once it is gone. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  sendSignal(identity.pid, signal);
  if (await untilGone(identity, graceMs)) return;
  sendSignal(identity.pid, 'SIGKILL');
  if (!(await untilGone(identity, 5000))) throw new Error(`process ${identity.pid} does not end`);
}

async function untilGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  for (let waited = 0; isRunning(identity); waited += 50) {
    if (waited >= withinMs) return false;
    await wait(50);
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone between look and signal is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
