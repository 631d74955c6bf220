import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { ProducerLane } from '../produce/producer-lane.ts';
import { layCutLine } from '../world/cut-line.ts';
import type { TapProcess } from '../world/tap-process.ts';
import type { TestBed } from '../world/test-bed.ts';
import { holdLocks, type Scenario, untilDisconnected, untilNameRead, untilWaiting } from './scenario.ts';

/** Where the one partition of a scenario's topic stands: whoever wants to move it waits. */
const POSITION_ROW = 'select from partition_state for update';

/**
 * A tap that has read one batch, and waits inside the transaction that stores the next for a lock on a table. Its position
 * is moved before it counts records and before it writes segments.
 */
async function whileStoring(bed: TestBed, lane: ProducerLane, table: 'ingest_count' | 'segment_bytes') {
  const topic = await bed.createTopic('t', 1);
  const tap = bed.startTap('tap');
  await lane.write(topic, 0, 10);
  await bed.untilCaughtUp();
  const held = await holdLocks(bed, `lock table ${table} in access exclusive mode`);
  await lane.write(topic, 0, 20);
  await untilWaiting(bed, 1);
  return { topic, tap, held };
}

/** A frozen tap wakes. It joins again only when what it had in hand has been answered. */
async function goOn(bed: TestBed, frozen: TapProcess): Promise<void> {
  frozen.signal('SIGCONT');
  await until('both to have gone on', async () => (await bed.cluster.shares(bed.groupId))?.length === 2, {
    timeoutMs: PATIENCE_MS,
  });
}

/** The tap dies while it writes the rows of a batch. */
export const killedWhileStoring: Scenario = async (bed, lane) => {
  const { topic, tap, held } = await whileStoring(bed, lane, 'segment_bytes');
  await tap.end('SIGKILL');
  await held.release();
  await untilDisconnected(bed);
  bed.startTap('next');
  await lane.write(topic, 0, 5);
  await untilNameRead(bed, topic);
};

/**
 * A tap is frozen with a batch in hand that it has not begun to write; another is given its partition, and stores these
 * records; then the first goes on.
 */
export const leftBehind: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  const frozen = bed.startTap('frozen');
  await bed.untilCaughtUp();
  // The names of a batch are looked up before its transaction; a tap that has stored nothing remembers none.
  const held = await holdLocks(bed, 'lock table name in access exclusive mode');
  await lane.write(topic, 0, 20);
  await untilWaiting(bed, 1);
  frozen.signal('SIGSTOP');
  const waiting = await untilWaiting(bed, 1);
  bed.startTap('next');
  await untilWaiting(bed, waiting.length + 1);
  await held.release();
  await untilNameRead(bed, topic);
  await goOn(bed, frozen);
  await lane.write(topic, 0, 5);
  await untilNameRead(bed, topic);
};

/**
 * A tap is frozen inside the transaction that stores a batch, its position moved and nothing committed: another is given
 * the partition, and goes on although the first neither ends nor lets go by itself.
 */
export const frozenWhileStoring: Scenario = async (bed, lane) => {
  const { topic, tap: frozen, held } = await whileStoring(bed, lane, 'ingest_count');
  frozen.signal('SIGSTOP');
  await held.release();
  bed.startTap('next');
  await untilNameRead(bed, topic);
  await goOn(bed, frozen);
  await lane.write(topic, 0, 5);
  await untilNameRead(bed, topic);
};

/** A batch is committed, and the connection breaks before the tap hears of it: it has to ask again. */
export const commitInDoubt: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  const line = await layCutLine(bed.databaseUrl);
  try {
    bed.startTap('tap', line.url);
    // Many at first, so that no new name has to be committed before the batch in question.
    await lane.write(topic, 0, 400);
    await bed.untilCaughtUp();
    const cut = line.cutNextCommit();
    await lane.write(topic, 0, 20);
    await cut;
    await lane.write(topic, 0, 5);
    await untilNameRead(bed, topic);
    await bed.untilSettled();
  } finally {
    await line.close();
  }
};

/** While no tap runs, a topic is deleted, created again, and refilled past where it was read. */
export const createdAgain: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  const tap = bed.startTap('tap');
  await lane.write(topic, 0, 30);
  await bed.untilCaughtUp();
  await tap.end('SIGTERM');
  const again = await bed.createAgain(topic);
  await lane.write(again, 0, 60);
  bed.startTap('next');
  await untilNameRead(bed, again);
};

/** The database connection breaks in the middle of a batch; the tap lives on. */
export const connectionLost: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  bed.startTap('tap');
  await lane.write(topic, 0, 10);
  await bed.untilCaughtUp();
  const held = await holdLocks(bed, POSITION_ROW);
  await lane.write(topic, 0, 20);
  const waiting = await untilWaiting(bed, 1);
  await bed.onDatabase((client) =>
    client.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [waiting]),
  );
  await held.release();
  await lane.write(topic, 0, 20);
  await untilNameRead(bed, topic);
};

/** Retention deletes records that the tap has not read. */
export const retentionPassed: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  const tap = bed.startTap('tap');
  await lane.write(topic, 0, 20);
  await bed.untilCaughtUp();
  await tap.end('SIGTERM');
  await lane.write(topic, 0, 40);
  await bed.cluster.deleteRecords(topic.topic, 0, 45n);
  bed.ledger.hole({ topicId: topic.topicId, partition: 0, from: 20n, to: 45n, reason: 'retention' });
  bed.startTap('next');
  await untilNameRead(bed, topic);
};

/** Further events come to traces that are settled already. */
export const lateEvents: Scenario = async (bed, lane) => {
  const topic = await bed.createTopic('t', 1);
  bed.startTap('tap');
  await lane.write(topic, 0, 30);
  await bed.untilCaughtUp();
  await bed.untilSettled();
  await lane.write(topic, 0, 60);
  await untilNameRead(bed, topic);
};
