import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runLoop } from './loop/run-loop.ts';
import { bundleTap } from './mutants/bundle-tap.ts';
import { runMutants } from './mutants/run-mutants.ts';
import { type FaultOptions, faultOptions, USAGE } from './options.ts';
import { teachCodecs } from './produce/codecs.ts';
import { CheckFailedError, createReport, type Report } from './report.ts';
import { databaseStopped } from './scenarios/database-stopped.ts';
import { threeTaps } from './scenarios/three-taps.ts';
import { toldThroughKills } from './scenarios/told-through-kills.ts';
import { startBroker } from './world/broker.ts';
import { bundleWeb } from './world/bundle-web.ts';
import { startDatabaseServer } from './world/database-server.ts';

/** What `npm run test:faults` runs. Answers whether everything was as it should be. */
async function main(): Promise<boolean> {
  const options = faultOptions(process.argv.slice(2), Math.floor(Math.random() * 2 ** 32));
  if (typeof options === 'string') {
    console.log(`${options}\n\n${USAGE}`);
    return false;
  }
  console.log(`seed ${options.seed}`);
  teachCodecs();
  const report = createReport((line) => console.log(line));
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-faults-'));
  // As root PostgreSQL runs as another user, who must pass.
  chmodSync(folder, 0o711);
  await report
    .must('everything runs to its end', () => runParts(report, folder, options))
    .catch((error: unknown) => {
      if (!(error instanceof CheckFailedError)) throw error;
    });
  if (report.failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`seed ${options.seed}; logs and data are kept in ${folder}`);
  console.log(report.close(options.reportFile));
  return report.failed === 0;
}

async function runParts(report: Report, folder: string, options: FaultOptions): Promise<void> {
  const bundle = await bundleTap('tap');
  if (options.loop) await runLoop(report, { ...options, folder: subfolder(folder, 'of-the-loop'), bundle });
  if (!options.scenarios && !options.mutants) return;
  const stageFolder = subfolder(folder, 'of-scenarios');
  const [broker, database] = await Promise.all([startBroker(stageFolder), startDatabaseServer(stageFolder)]);
  const stage = { folder: stageFolder, broker, database };
  try {
    // The database of that scenario is its own, and most of it is waiting: it runs beside the others.
    const beside = options.scenarios ? databaseStopped(report, stage, bundle, options.databaseStopMs) : null;
    beside?.catch(() => undefined);
    if (options.mutants) await runMutants(report, stage, bundle);
    if (options.scenarios) {
      await threeTaps(report, stage, bundle);
      await toldThroughKills(report, stage, { tap: bundle, web: await bundleWeb() });
    }
    await beside;
  } finally {
    await broker.stop('SIGKILL');
    await database.stop('SIGKILL');
  }
}

function subfolder(folder: string, name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  return made;
}

// Ended from outside, what was started ends too: its own `exit` handlers see to that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
// After a failure clients may still be waiting for a broker that is gone.
process.exit((await main()) ? 0 : 1);
