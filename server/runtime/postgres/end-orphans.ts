import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { endProcess } from '../supervise/child-record.ts';
import { identifyProcess, type ProcessIdentity } from '../supervise/process-identity.ts';

/** How long an orphaned server may take for an orderly stop. */
const GRACE_MS = 8000;

/**
 * Ends every PostgreSQL process that still works in that cluster folder: a postmaster whose supervisor was killed, or
 * backends whose postmaster was. A new postmaster refuses to start beside them. Strangers that merely got an old pid
 * are left alone: only processes whose working folder is the cluster count.
 */
export async function endOrphans(folder: string): Promise<void> {
  const cluster = await realpath(folder);
  const postmaster = await recordedPostmaster(cluster);
  // Fast shutdown; its backends end with it.
  if (postmaster !== null) await endProcess(postmaster, 'SIGINT', GRACE_MS);
  for (const orphan of processesIn(cluster)) await endProcess(orphan, 'SIGQUIT', 2000);
}

async function recordedPostmaster(cluster: string): Promise<ProcessIdentity | null> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1)) return null;
  const identity = identifyProcess(pid);
  return identity !== null && worksIn(pid, cluster) ? identity : null;
}

function worksIn(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') return workingFolder(pid) === cluster;
  // Elsewhere the record of children, with start times, has already been worked off; PostgreSQL checks the rest.
  return false;
}

/** Linux alone can tell; elsewhere backends notice within a second that their postmaster is gone. */
function processesIn(cluster: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && workingFolder(pid) === cluster && isPostgres(pid))
    .map(identifyProcess)
    .filter((identity) => identity !== null);
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}
