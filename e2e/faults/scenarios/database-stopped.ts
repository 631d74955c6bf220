import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededChance } from '../../../demo/behaviour/chance.ts';
import { startProducers } from '../produce/producers.ts';
import type { Report } from '../report.ts';
import { startDatabaseServer } from '../world/database-server.ts';
import type { TapProcess } from '../world/tap-process.ts';
import { makeTestBed } from '../world/test-bed.ts';
import type { Stage } from './scenario.ts';
import { expectStoredAsWritten } from './scenario.ts';

/** What the tap may have in memory while it waits. */
const MEMORY_LIMIT = 400 * 1024 * 1024;
const WATCH_MS = 250;
/** Written at once, again and again: far more than the tap may keep. */
const BURST = 400;

/** The database is away for a while, with records coming in all the time: the tap waits, and nothing is lost. */
export async function databaseStopped(report: Report, stage: Stage, bundle: string, stopMs: number): Promise<void> {
  const chance = seededChance(5);
  const folder = path.join(stage.folder, 'database-stopped');
  mkdirSync(folder);
  // A server of its own: the others are not to notice.
  const database = await startDatabaseServer(folder);
  const bed = await makeTestBed({ ...stage, folder, database, name: 'database_stopped', bundle, chance });
  const topic = await bed.createTopic('t', 6);
  const producers = startProducers({ ...bed, kafka: bed.cluster.kafka, chance, name: bed.name });
  try {
    const tap = bed.startTap('tap');
    await bed.untilCaughtUp();
    await report.check(
      `the tap waits while the database is stopped for ${stopMs / 1000} s, in bounded memory`,
      async () => {
        const before = await bed.positions();
        await database.stop('SIGINT');
        const backAt = performance.now() + stopMs;
        let burst = 0;
        const flood = async (): Promise<void> => {
          while (performance.now() < backAt) await producers.write(topic, burst++ % topic.partitions, BURST);
        };
        const [most] = await Promise.all([watchMemory(tap, backAt), flood()]);
        const members = (await bed.cluster.shares(bed.groupId))?.length ?? 0;
        const mebi = Math.round(most / 1024 / 1024);
        report.say(
          `        ${burst * BURST} records came, at most ${mebi} MB were resident, ${members} member in the group`,
        );
        if (!tap.running) throw new Error('it ended');
        if (most > MEMORY_LIMIT) throw new Error(`${mebi} MB were resident`);
        await database.start();
        const after = await bed.positions();
        if ([...before].some(([name, offset]) => (after.get(name) ?? 0n) < offset))
          throw new Error('a position went back');
      },
    );
    await report.check('nothing is lost and nothing double once it is back', () =>
      expectStoredAsWritten(bed, producers),
    );
  } finally {
    producers.abandon();
    await bed.close();
    await database.stop('SIGKILL');
  }
}

/** The largest resident memory seen until that time; 0 where `/proc` is missing. */
async function watchMemory(tap: TapProcess, until: number): Promise<number> {
  let most = 0;
  while (performance.now() < until) {
    most = Math.max(most, tap.residentBytes() ?? 0);
    await wait(WATCH_MS);
  }
  return most;
}
