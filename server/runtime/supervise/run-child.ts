import { type ChildProcess, spawn } from 'node:child_process';
import type { BoundedLog } from './bounded-log.ts';
import type { ChildRecord } from './child-record.ts';
import type { ChildSpec } from './child-spec.ts';
import { processEnv } from './process-env.ts';

/** How a child ended, e.g. `exit code 1` or `signal SIGKILL`. */
export type ChildEnd = string;

/** One run of a child. */
export interface ChildRun {
  readonly pid: number;
  /** Resolves when it is gone; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Asks it to end, and kills its whole group when `graceMs` is over. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/**
 * Spawns a child in a session of its own, so that Ctrl-C in a terminal reaches only us and children are stopped in
 * order. Output goes to its log; lines that match `show` are shown. Throws when it cannot be spawned.
 */
export async function runChild(
  spec: ChildSpec,
  record: ChildRecord,
  log: BoundedLog,
  say: (line: string) => void,
): Promise<ChildRun> {
  const child = spawn(spec.command, spec.args, {
    env: processEnv(spec.env),
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...(spec.uid !== undefined && { uid: spec.uid }),
    ...(spec.gid !== undefined && { gid: spec.gid }),
    detached: true,
    stdio: spec.ours ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) record.add(spec.name, pid, spec.stopSignal);
  const ended = untilEnded(child);
  for (const stream of [child.stdout, child.stderr]) follow(stream, log, spec.show, say);
  await spawned(child);
  if (pid === undefined) throw new Error(`${spec.name} has no process id`);
  void ended.then(() => record.remove(pid));
  return {
    pid,
    ended,
    kill: () => killGroup(pid),
    async stop(graceMs) {
      child.kill(spec.stopSignal);
      const cut = setTimeout(() => killGroup(pid), graceMs);
      await ended;
      clearTimeout(cut);
    },
  };
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function untilEnded(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function follow(
  stream: NodeJS.ReadableStream | null,
  log: BoundedLog,
  show: RegExp | undefined,
  say: (line: string) => void,
): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    log.write(chunk);
    if (show === undefined) return;
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-2000);
    for (const line of lines) if (show.test(line)) say(line);
  });
}

/** The child leads its own group, so what it started goes with it. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Gone already is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
