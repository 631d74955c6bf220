import type pg from 'pg';
import { seededChance } from '../../../demo/behaviour/chance.ts';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import { createProducerLane, type ProducerLane } from '../produce/producer-lane.ts';
import type { Producers } from '../produce/producers.ts';
import type { Broker } from '../world/broker.ts';
import type { LivingTopic } from '../world/cluster.ts';
import type { DatabaseServer } from '../world/database-server.ts';
import { makeTestBed, type TestBed } from '../world/test-bed.ts';

/** What scenarios share; each has topics, a database and a group of its own there. */
export interface Stage {
  readonly folder: string;
  readonly broker: Broker;
  readonly database: DatabaseServer;
}

/** Brings taps into one situation on purpose, and leaves everything read. What is stored is compared afterwards. */
export type Scenario = (bed: TestBed, lane: ProducerLane, stage: Stage) => Promise<void>;

/** Runs a scenario in a test bed of that name with the taps of that bundle, and compares. */
export async function playScenario(stage: Stage, name: string, bundle: string, scenario: Scenario) {
  const chance = seededChance(1);
  const bed = await makeTestBed({ ...stage, name, bundle, chance });
  const lane = createProducerLane({ ...bed, kafka: bed.cluster.kafka, chance });
  try {
    await scenario(bed, lane, stage);
    await bed.untilSettled();
    return await bed.check();
  } finally {
    await lane.close();
    await bed.close();
  }
}

/** Runs statements in a transaction that stays open, and with it their locks, until `release`. */
export async function holdLocks(bed: TestBed, statement: string): Promise<{ release(): Promise<void> }> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let held: () => void = () => undefined;
  const holding = new Promise<void>((resolve) => {
    held = resolve;
  });
  const done = bed.onDatabase(async (client: pg.Client) => {
    await client.query('begin');
    await client.query(statement);
    held();
    await released;
    await client.query('rollback');
  });
  await Promise.race([holding, done]);
  return {
    async release() {
      release();
      await done;
    },
  };
}

/** Resolves with the pids of the taps' database connections that wait for a lock, once there are that many. */
export function untilWaiting(bed: TestBed, count: number): Promise<number[]> {
  return until(
    `${count} connections of taps to wait`,
    async () => {
      const { rows } = await bed.onDatabase((client) =>
        client.query<{ pid: number }>(
          `select pid from pg_stat_activity
           where datname = current_database() and application_name like '%tap%' and wait_event_type = 'Lock'`,
        ),
      );
      return rows.length >= count ? rows.map(({ pid }) => pid) : null;
    },
    { timeoutMs: PATIENCE_MS },
  );
}

/**
 * Resolves once some incarnation of the topic's name stands at the end of its log: a mutant that takes one incarnation
 * for another still has an end.
 */
export async function untilNameRead(bed: TestBed, { topic, topicId, partitions }: LivingTopic): Promise<void> {
  const bounds = await bed.cluster.bounds([{ topic, topicId, partitions }]);
  for (const [name, { end }] of bounds) {
    const partition = Number(name.split('/')[1]);
    await until(
      `${topic}/${partition} to be read up to ${end}`,
      () =>
        bed.onDatabase(async (client) => {
          const { rows } = await client.query<{ at: string | null }>(
            `select max(p.next_offset) as at from partition_state p join incarnation i on i.id = p.incarnation_id
             where i.topic = $1 and p.partition = $2`,
            [topic, partition],
          );
          return BigInt(rows[0]?.at ?? -1) >= end;
        }),
      { timeoutMs: PATIENCE_MS },
    );
  }
}

/** Resolves once no tap is connected to the database: what was killed has been rolled back. */
export async function untilDisconnected(bed: TestBed): Promise<void> {
  await until(
    'the connections of the taps to be closed',
    () =>
      bed.onDatabase(async (client) => {
        const open = `select from pg_stat_activity where datname = current_database() and application_name like '%tap%'`;
        return (await client.query(open)).rowCount === 0;
      }),
    { timeoutMs: PATIENCE_MS },
  );
}

/** Lets producers and taps come to their end, and throws when anything that was written is missing, double, or different. */
export async function expectStoredAsWritten(bed: TestBed, producers: Pick<Producers, 'finish'>): Promise<void> {
  await producers.finish();
  await bed.untilCaughtUp();
  await bed.untilSettled();
  const { differences } = await bed.check();
  if (differences.length > 0) throw new Error(JSON.stringify(differences.slice(0, 5)));
}
