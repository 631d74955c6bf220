import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { Chance } from '../../../demo/behaviour/chance.ts';
import { until } from '../../support/until.ts';
import { compare, type Difference } from '../check/compare.ts';
import { readBack } from '../check/read-back.ts';
import { readPositions, readStored } from '../check/read-stored.ts';
import type { Stored, Written } from '../check/written.ts';
import { PATIENCE_MS } from '../patience.ts';
import { createLedger, type Ledger } from '../produce/ledger.ts';
import { createRecordMaker, type RecordMaker } from '../produce/make-record.ts';
import type { Broker } from './broker.ts';
import { type Cluster, clusterAt, type LivingTopic } from './cluster.ts';
import type { DatabaseServer } from './database-server.ts';
import { startTap, type TapProcess } from './tap-process.ts';

/** Topics, a database and a group of taps that no other test bed touches, on a broker and a server that may be shared. */
export interface TestBed {
  readonly name: string;
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  readonly maker: RecordMaker;
  readonly groupId: string;
  /** Begins a tap; all are ended with the bed. It reaches the database by `databaseUrl` where that is given. */
  startTap(tap: string, databaseUrl?: string): TapProcess;
  readonly databaseUrl: string;
  createTopic(name: string, partitions: number, config?: Readonly<Record<string, string>>): Promise<LivingTopic>;
  /** Deletes a topic and creates it like it was. Nobody may write to it meanwhile. */
  createAgain(topic: LivingTopic): Promise<LivingTopic>;
  onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Stored positions by `partitionName`; asked again while the database is away. */
  positions(): Promise<ReadonlyMap<string, bigint>>;
  /** Resolves once everything that the living topics hold now is stored. Throws with what lags when it takes too long. */
  untilCaughtUp(): Promise<void>;
  /** Resolves once no trace is left to settle. */
  untilSettled(): Promise<void>;
  /** Compares what was written with what is stored. Nothing may be written meanwhile. */
  check(): Promise<Checked>;
  /** Ends its taps the hard way. */
  close(): Promise<void>;
}

export interface Checked {
  readonly written: Written;
  readonly stored: Stored;
  readonly differences: readonly Difference[];
}

/** Shorter than the product's own, so that a run takes minutes and not an hour; the product's code is the same. */
export const SESSION_TIMEOUT_MS = 4_000;

export async function makeTestBed(options: {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
  readonly folder: string;
  readonly broker: Broker;
  readonly database: DatabaseServer;
  readonly bundle: string;
  readonly chance: Chance;
  /** Of `throughline.yaml`, besides the topics. */
  readonly settings?: object;
  /** Of the taps, besides what every one needs. */
  readonly env?: Readonly<Record<string, string>>;
}): Promise<TestBed> {
  const { name, bundle } = options;
  const folder = path.join(options.folder, name);
  mkdirSync(folder, { recursive: true });
  const settingsFile = path.join(folder, 'throughline.yaml');
  writeFileSync(settingsFile, JSON.stringify({ topics: { include: [`${name}-.*`] }, ...options.settings }));
  const databaseUrl = await options.database.makeDatabase(name);
  const cluster = clusterAt(options.broker.address);
  const ledger = createLedger();
  const maker = createRecordMaker(options.chance);
  const configs = new Map<string, Readonly<Record<string, string>>>();
  const taps: TapProcess[] = [];
  const env = {
    KAFKA_BROKERS: options.broker.address,
    TAP_START: 'beginning',
    TAP_GROUP_ID: name,
    TAP_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
    THROUGHLINE_CONFIG: settingsFile,
    THROUGHLINE_DATA_DIR: folder,
    ...options.env,
  };

  async function onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    // A server that is killed meanwhile rejects the query in hand, and that is enough.
    client.on('error', () => undefined);
    await client.connect();
    return work(client).finally(() => client.end().catch(() => undefined));
  }

  const positions = (): Promise<ReadonlyMap<string, bigint>> =>
    until('the stored positions', () => onDatabase(readPositions), { timeoutMs: PATIENCE_MS });

  const bed: TestBed = {
    name,
    cluster,
    ledger,
    maker,
    groupId: name,
    onDatabase,
    positions,
    databaseUrl,
    startTap(tap, byUrl = databaseUrl) {
      const started = startTap(tap, { bundle, folder, env: { ...env, DATABASE_URL: byUrl } });
      taps.push(started);
      return started;
    },
    async createTopic(topic, partitions, config = {}) {
      const made = await cluster.createTopic(`${name}-${topic}`, partitions, config);
      configs.set(made.topic, config);
      ledger.lives(made);
      return made;
    },
    async createAgain(topic) {
      ledger.dies(topic);
      await cluster.deleteTopic(topic.topic);
      const config = configs.get(topic.topic) ?? {};
      const again = await cluster.createTopic(topic.topic, topic.partitions, config, topic.topicId);
      ledger.lives(again);
      return again;
    },
    async untilCaughtUp() {
      const bounds = await cluster.bounds(ledger.living());
      let behind: string[] = [];
      const caughtUp = async (): Promise<boolean> => {
        const stored = await positions();
        behind = [...bounds].flatMap(([partition, { end }]) => {
          const position = stored.get(partition);
          return position !== undefined && position >= end ? [] : [`${partition} at ${position} of ${end}`];
        });
        return behind.length === 0;
      };
      await until('the taps to catch up', caughtUp, { timeoutMs: PATIENCE_MS, everyMs: 100 }).catch((cause) => {
        throw new Error(`the taps did not catch up: ${behind.join(', ')}`, { cause });
      });
    },
    async untilSettled() {
      const settled = async (client: pg.Client): Promise<boolean> =>
        (await client.query('select from dirty_mark limit 1')).rowCount === 0;
      await until('every trace to be settled', () => onDatabase(settled), { timeoutMs: PATIENCE_MS, everyMs: 100 });
    },
    async check() {
      const written = ledger.written(await readBack(cluster, ledger.living(), maker));
      const stored = await onDatabase(readStored);
      return { written, stored, differences: compare(written, stored) };
    },
    async close() {
      await Promise.all(taps.map((tap) => tap.end('SIGKILL')));
    },
  };
  return bed;
}
