import { seededChance } from '../../../demo/behaviour/chance.ts';
import { startProducers } from '../produce/producers.ts';
import type { Report } from '../report.ts';
import { startBroker } from '../world/broker.ts';
import { startDatabaseServer } from '../world/database-server.ts';
import { makeTestBed } from '../world/test-bed.ts';
import { drawFaults } from './draw-faults.ts';
import { type FaultContext, restartTap, someProgress, TAPS, wholeBetween } from './fault-context.ts';

/** Topics at the beginning, with their partitions and who compresses. */
const TOPICS = [
  ['plain', 3, {}],
  ['zstd', 2, { 'compression.type': 'zstd' }],
  ['lz4', 2, { 'compression.type': 'lz4' }],
  ['stamped', 2, { 'message.timestamp.type': 'LogAppendTime', 'compression.type': 'gzip' }],
] as const;

/**
 * Three taps, three producers, and one fault after another, each before or after the taps have caught up from the last.
 * Then everything comes to rest and is compared. Each fault that the taps recovered from, and each kind of difference
 * that was not found, is a check of its own.
 */
export async function runLoop(
  report: Report,
  options: { readonly folder: string; readonly bundle: string; readonly seed: number; readonly faults: number },
): Promise<void> {
  const chance = seededChance(options.seed);
  const drawn = drawFaults(chance, options.faults);
  const [broker, database] = await Promise.all([startBroker(options.folder), startDatabaseServer(options.folder)]);
  const bed = await makeTestBed({ ...options, name: 'loop', broker, database, chance });
  for (const [name, partitions, config] of TOPICS) await bed.createTopic(name, partitions, config);
  const producers = startProducers({ ...bed, kafka: bed.cluster.kafka, chance, name: bed.name });
  let number = 0;
  const shared: FaultContext = { bed, producers, broker, database, chance, taps: [], nextNumber: () => ++number };
  try {
    for (let place = 0; place < TAPS; place += 1) restartTap(shared, place);
    await bed.untilCaughtUp();
    for (const [index, { name, run }] of drawn.entries()) {
      // What a fault draws depends on the seed and its place alone, not on how fast the producers are.
      const own = seededChance(options.seed + index);
      const context: FaultContext = { ...shared, chance: own };
      await report.must(`fault ${index + 1}: ${name}`, async () => {
        await run(context);
        if (own.unit() < 0.5) await bed.untilCaughtUp();
        else await someProgress(context, wholeBetween(own, 20, 600));
        const dead = context.taps.filter((tap) => !tap.running).map((tap) => tap.name);
        if (dead.length > 0) throw new Error(`ended by themselves: ${dead.join(', ')}`);
      });
    }
    await report.must('producers end, taps store the rest and settle', async () => {
      await producers.finish();
      await bed.untilCaughtUp();
      await bed.untilSettled();
    });
    report.comparison('after all faults', await bed.check());
  } finally {
    producers.abandon();
    await bed.close();
    await broker.stop('SIGKILL');
    await database.stop('SIGKILL');
  }
}
