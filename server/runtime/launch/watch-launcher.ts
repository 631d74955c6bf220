import { readFileSync } from 'node:fs';
import { identifyProcess, isRunning, type ProcessIdentity } from '../supervise/process-identity.ts';

const EVERY_MS = 1000;

/**
 * Calls back once when `npm`, which started us, is gone: after kill -9 of `npm start` we would go on without a terminal.
 * A shell that npm put between is looked through, where the system can tell. Answers how to stop watching.
 */
export function watchLauncher(onGone: () => void): () => void {
  const launchers = ancestors()
    .map(identifyProcess)
    .filter((found): found is ProcessIdentity => found !== null);
  const timer = setInterval(() => {
    if (launchers.every(isRunning)) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Our parent and, where that is a shell, its parent. */
function ancestors(): number[] {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const grandparent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return /^(da|ba)?sh$/.test(name) && grandparent > 1 ? [parent, grandparent] : [parent];
  } catch {
    return [parent];
  }
}
