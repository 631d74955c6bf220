import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureWritable } from './data-folder.ts';
import { writeAtomically } from './supervise/write-atomically.ts';

/** A new replay began this long ago, so that there is something to see at once. */
const HISTORY_MS = 10 * 60_000;

/**
 * When the replay of this data folder began: decided at its first start, and kept in `replay.json`, so that every later
 * start has the same records at the same offsets. A file that is lost, unreadable or from the future begins another
 * replay, whose topics are another incarnation; nothing stored is mistaken for its records. Throws `FolderError`.
 */
export function replaySinceMs(dataDir: string, nowMs: number): number {
  const file = path.join(dataDir, 'replay.json');
  const kept = readKept(file);
  if (kept !== null && kept <= nowMs) return kept;
  ensureWritable(dataDir, 'THROUGHLINE_DATA_DIR');
  const since = nowMs - HISTORY_MS;
  writeAtomically(file, `${JSON.stringify({ playedSince: new Date(since).toISOString() })}\n`);
  return since;
}

function readKept(file: string): number | null {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null || !('playedSince' in content)) return null;
  const since = typeof content.playedSince === 'string' ? Date.parse(content.playedSince) : Number.NaN;
  return Number.isNaN(since) ? null : since;
}
