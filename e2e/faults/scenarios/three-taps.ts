import { seededChance } from '../../../demo/behaviour/chance.ts';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import { startProducers } from '../produce/producers.ts';
import type { Report } from '../report.ts';
import type { GroupShares } from '../world/cluster.ts';
import { makeTestBed, SESSION_TIMEOUT_MS, type TestBed } from '../world/test-bed.ts';
import type { Stage } from './scenario.ts';
import { expectStoredAsWritten } from './scenario.ts';

/** The time-out itself, the share-out after it, and a machine that is busy with others. */
const TAKE_OVER_MS = SESSION_TIMEOUT_MS * 15;

/** Three taps of one group share the partitions; one is killed, the others take over, and it comes back. */
export async function threeTaps(report: Report, stage: Stage, bundle: string): Promise<void> {
  const chance = seededChance(3);
  const bed = await makeTestBed({ ...stage, name: 'three_taps', bundle, chance });
  for (const [name, partitions] of Object.entries({ a: 3, b: 3, c: 1 })) await bed.createTopic(name, partitions);
  const producers = startProducers({ ...bed, kafka: bed.cluster.kafka, chance, name: bed.name });
  try {
    const taps = ['tap-1', 'tap-2', 'tap-3'].map((name) => bed.startTap(name));
    await report.check('each of three taps has a share of the partitions, and stores records', async () => {
      await untilShared(bed, 3, PATIENCE_MS);
      await until('each tap to store records', async () => (await writers(bed)) === 3, { timeoutMs: PATIENCE_MS });
    });
    await report.check('one is killed, and the others take over its partitions', async () => {
      await taps[0]?.end('SIGKILL');
      const killed = performance.now();
      await untilShared(bed, 2, TAKE_OVER_MS);
      const seconds = ((performance.now() - killed) / 1000).toFixed(1);
      report.say(`        taken over after ${seconds} s, the session time-out is ${SESSION_TIMEOUT_MS / 1000} s`);
      await bed.untilCaughtUp();
    });
    await report.check('it comes back and has a share again', async () => {
      bed.startTap('tap-1');
      await untilShared(bed, 3, PATIENCE_MS);
    });
    await report.check('no event is stored twice, and none is missing', () => expectStoredAsWritten(bed, producers));
  } finally {
    producers.abandon();
    await bed.close();
  }
}

/** Every partition belongs to exactly one of that many members, and each has some. */
async function untilShared(bed: TestBed, members: number, timeoutMs: number): Promise<void> {
  const all = bed.ledger
    .living()
    .flatMap(({ topic, partitions }) => Array.from({ length: partitions }, (_, partition) => `${topic}/${partition}`));
  const shared = (shares: GroupShares | null): boolean =>
    shares?.length === members &&
    shares.every((share) => share.length > 0) &&
    JSON.stringify(shares.flat().sort()) === JSON.stringify(all.sort());
  await until(
    `${members} taps to share ${all.length} partitions`,
    async () => shared(await bed.cluster.shares(bed.groupId)),
    {
      timeoutMs,
      everyMs: 100,
    },
  );
}

/** Taps that have counted records as theirs. */
function writers(bed: TestBed): Promise<number> {
  return bed.onDatabase(async (client) => {
    const { rows } = await client.query<{ n: number }>('select count(distinct writer)::int as n from ingest_count');
    return rows[0]?.n ?? 0;
  });
}
