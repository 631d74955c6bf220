import { processConfig } from '../config/process-config.ts';
import { buildSource, NoSourceError } from '../runtime/build-source.ts';
import { FolderError } from '../runtime/data-folder.ts';
import { readSchemasInForce } from '../runtime/schemas/schemas-in-force.ts';
import { endWithParent } from '../runtime/supervise/end-with-parent.ts';
import { createTap } from '../runtime/tap.ts';

/** The tap process: reads records, stores events, settles traces. */
async function main(): Promise<readonly string[]> {
  const read = processConfig();
  if (!read.ok) return read.problems;
  const { config } = read;
  if (config.databaseUrl === null) return ['DATABASE_URL is not set. Name the database, or use npm start.'];
  try {
    const tap = createTap(config, {
      databaseUrl: config.databaseUrl,
      source: buildSource(config),
      schemas: await readSchemasInForce(config.schemaFolders),
      say: (line) => console.log(line),
    });
    endWithParent(() => tap.stop());
    await tap.start();
  } catch (error) {
    if (!(error instanceof NoSourceError || error instanceof FolderError)) throw error;
    return [error.message];
  }
  return [];
}

for (const problem of await main()) {
  console.error(problem);
  process.exitCode = 1;
}
