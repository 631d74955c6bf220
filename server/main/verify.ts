import { processConfig } from '../config/process-config.ts';
import { EMPTY_TOPOLOGY } from '../model/trace.ts';
import { WORKSPACE_ID } from '../model/workspace.ts';
import { audit } from '../runtime/audit-task.ts';
import { runningDatabase } from '../runtime/running-database.ts';
import { openPool } from '../store/open-pool.ts';
import { createTopologyStore } from '../store/topology/topology-store.ts';

const SIZE = { minutes: 100, segments: 100 };

/** Recounts minutes and segments chosen by lot against the stored events. Ends with 1 when anything differs. */
async function main(): Promise<number> {
  const read = processConfig();
  if (!read.ok) return refuse(read.problems);
  const databaseUrl = await runningDatabase(read.config);
  if (databaseUrl === null) return refuse(['There is no database yet. Set DATABASE_URL, or begin with npm start.']);
  const pool = openPool({ connectionString: databaseUrl, max: 1, application_name: 'throughline verify' });
  try {
    const topology = await createTopologyStore({ pool, workspaceId: WORKSPACE_ID }).newest();
    const { minutes, passedOver, traces, sums, segments, records, differences } = await audit(
      pool,
      read.config,
      topology ?? EMPTY_TOPOLOGY,
      SIZE,
    );
    console.log(
      `${minutes} minutes recounted from ${traces} traces: ${sums} sums. ${passedOver} minutes passed over: not settled, or too many traces.`,
    );
    console.log(`${segments} segments opened: ${records} records compared with their events.`);
    for (const { at, what } of differences) console.log(`  ${at}: ${what}`);
    console.log(differences.length === 0 ? 'No difference.' : `${differences.length} differences.`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return 1;
}

process.exitCode = await main();
