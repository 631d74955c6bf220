import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processEnv } from './process-env.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system writes it; compared as text only. */
  readonly started: string;
}

/** Who runs under `pid` now; null when nobody does. A zombie counts as nobody: it holds nothing any more. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

/** True while that very process runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.started === identity.started;
}

/** Field 22 of `/proc/<pid>/stat` counts ticks since boot, so the boot's id goes before it. */
function startedOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may contain spaces and brackets: count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || ticks === undefined) return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`;
  } catch {
    return null;
  }
}

const PLAIN: Readonly<Record<string, string>> = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };

function startedByPs(pid: number): string | null {
  const args = ['-o', 'lstart=', '-p', String(pid)];
  try {
    return (
      execFileSync('ps', args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: processEnv(PLAIN),
      }).trim() || null
    );
  } catch {
    return null;
  }
}
