import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** The places in a data folder. */
export interface DataFolder {
  readonly root: string;
  /** The lock, the list of children, remembered ports: what only lives while processes run. */
  readonly run: string;
  readonly logs: string;
  readonly postgres: string;
  readonly kafka: string;
}

/** A folder of ours cannot be used. `message` is one sentence with the remedy. */
export class FolderError extends Error {
  readonly code = 'folder_unusable';
}

/** Makes the data folder and what is in it. Throws `FolderError` when it cannot be written. */
export function openDataFolder(root: string): DataFolder {
  const folder: DataFolder = {
    root,
    run: path.join(root, 'run'),
    logs: path.join(root, 'logs'),
    postgres: path.join(root, 'postgres'),
    kafka: path.join(root, 'kafka'),
  };
  ensureWritable(root, 'THROUGHLINE_DATA_DIR');
  for (const inner of [folder.run, folder.logs]) ensureWritable(inner, 'THROUGHLINE_DATA_DIR');
  return folder;
}

/** Makes a folder, with its parents, that this user can write. `variable` names what the operator can set instead. */
export function ensureWritable(folder: string, variable: string): void {
  try {
    makeFolder(path.resolve(folder));
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new FolderError(
      `The folder ${folder} cannot be written (${code}). Make it writable, or set ${variable} to another folder.`,
      { cause },
    );
  }
}

/** Not `recursive`: that never returns for a folder below `/proc` on some versions of Node. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, 0o755);
  } catch (error) {
    // Another start may have been faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
