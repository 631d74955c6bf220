import path from 'node:path';
import { z } from 'zod';

const MOST_FOLDERS = 50;

/** `schemas:` of the file. */
export const schemaFoldersSchema = z
  .array(z.string('must be a text').min(1, 'must not be empty'), 'must be a list of folders')
  .max(MOST_FOLDERS, `has more than ${MOST_FOLDERS} folders`)
  .describe(
    'Folders with JSON Schema files (`*.json`) that events are held against, relative to this file; they come before the built-in ones.',
  );

/** The folders as absolute paths; relative ones lie below that of the configuration file. */
export function schemaFolders(written: readonly string[], settingsPath: string): readonly string[] {
  return written.map((folder) => path.resolve(path.dirname(settingsPath), folder));
}
