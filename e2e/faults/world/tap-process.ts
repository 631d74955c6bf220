import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One tap process. */
export interface TapProcess {
  readonly name: string;
  readonly pid: number;
  /** SIGTERM lets it end in order, SIGKILL does not. Resolves once it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** SIGSTOP freezes it where it is, SIGCONT lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  readonly running: boolean;
  /** Resident memory in bytes; null once it is gone, or where `/proc` is missing. */
  residentBytes(): number | null;
}

/** What every tap of a run shares. */
export interface TapSettings {
  /** The bundle to run. */
  readonly bundle: string;
  /** Log files go here. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An orderly end that takes longer is a hang. */
const END_TIMEOUT_MS = 30_000;

/** Spawns a tap; what it says is appended to `NAME.log` in the folder. It ends with this process. */
export function startTap(name: string, { bundle, folder, env }: TapSettings): TapProcess {
  const log = openSync(path.join(folder, `${name}.log`), 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
    cwd: folder,
    env: { NODE_ENV: 'production', PATH: process.env.PATH, ...env },
    // With a channel the tap ends by itself when this process is gone, even by kill -9.
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`tap ${name} could not be started`);
  return {
    name,
    pid,
    get running() {
      return isRunning(child);
    },
    async end(signal) {
      if (!isRunning(child)) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await gone;
      clearTimeout(late);
      if (signal === 'SIGTERM' && child.signalCode === 'SIGKILL') throw new Error(`${name} did not end on SIGTERM`);
    },
    signal: (signal) => void child.kill(signal),
    residentBytes: () => (isRunning(child) ? residentBytes(pid) : null),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
