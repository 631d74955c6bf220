import path from 'node:path';
import { httpAddress } from '../../config/load-config.ts';
import type { KafkaPorts } from '../kafka/kafka-properties.ts';
import { postgresChild } from '../postgres/postgres-child.ts';
import { preparePostgres } from '../postgres/prepare-postgres.ts';
import { rememberedPorts } from '../supervise/free-ports.ts';
import type { Launch } from './launch.ts';
import { migrateWhenReachable, placeOf } from './migrate-when-reachable.ts';
import { bundleOf, demoChildren, isDevelopment, type Parts, tapChild, webChild } from './product-children.ts';
import type { Progress } from './progress.ts';
import { restartOnChange } from './restart-on-change.ts';
import { type KafkaPlace, replayInstead, startEmbeddedKafka } from './start-embedded-kafka.ts';

/** Starts everything: Kafka while the database, the tables and the pages start, then tap and demo. Resolves when it is ready. */
export async function startProduct(launch: Launch): Promise<void> {
  const { config, supervisor, progress } = launch;
  const ports = await rememberedPorts(path.join(launch.folder.run, 'ports.json'), ['postgres', 'broker', 'controller']);
  const kafka = await kafkaPlace(launch, ports);
  const database =
    config.databaseUrl === null ? await embeddedPostgres(launch, ports.postgres) : named(config.databaseUrl);
  const withDemo = kafka.source !== 'replay' && (launch.options.demo ?? kafka.source === 'embedded');
  // The recording is a conversation of the demo.
  const isDemo = withDemo || kafka.source === 'replay';
  const parts: Parts = {
    config,
    env: launch.env,
    bundles: path.join(launch.projectRoot, 'dist'),
    projectRoot: launch.projectRoot,
    databaseUrl: database.url,
    source: kafka.source,
    embeddedBrokers: kafka.brokers,
    settingsPath: config.settingsPath ?? (isDemo ? path.join(launch.projectRoot, 'demo', 'throughline.yaml') : null),
  };
  let webRuns = false;
  const startWeb = async (): Promise<void> => {
    if (webRuns) return;
    webRuns = true;
    await step(progress, 'Starting the pages', 'Pages are up', () => supervisor.start(webChild(parts)));
  };
  await migrateWhenReachable({
    databaseUrl: database.url,
    directory: path.join(launch.projectRoot, 'server', 'store', 'migrations'),
    signal: launch.signal,
    say: progress.say,
    // The pages then say that the database is away.
    onAway: async () => {
      await startWeb();
      progress.say(`The pages are at ${httpAddress(config.http)}; they say what is missing.`);
    },
  });
  await startWeb();
  if (kafka.source === 'embedded')
    await step(progress, 'Starting Apache Kafka', 'Apache Kafka is up', () => kafka.ready);
  await step(progress, 'Starting the tap', 'Tap is up', () => supervisor.start(tapChild(parts)));
  if (isDevelopment(launch.env))
    restartOnChange(bundleOf(parts, 'tap'), () => supervisor.restart('tap'), launch.signal);
  if (withDemo) {
    for (const child of demoChildren(parts, launch.options)) await supervisor.start(child);
  } else if (launch.options.demo === true) {
    progress.say('The demo needs a Kafka to write to; it is left out.');
  }
  const facts = [database.text, kafka.text, withDemo ? 'demo running' : 'no demo', 'Ctrl-C stops everything'];
  progress.say(`Throughline is ready: ${httpAddress(config.http)}  (${facts.slice(0, 3).join(', ')}; ${facts[3]})`);
}

async function embeddedPostgres(launch: Launch, port: number): Promise<{ url: string; text: string }> {
  const { folder, config, progress, supervisor } = launch;
  const starting = progress.begin('Starting PostgreSQL');
  try {
    const prepared = await preparePostgres({
      dataDir: folder.postgres,
      ownRoot: folder.root,
      cacheDir: config.cacheDir,
      port,
    });
    await supervisor.start(postgresChild(prepared));
    starting.done(`PostgreSQL ${prepared.version} is up`);
    return { url: prepared.url, text: `PostgreSQL ${prepared.version} embedded` };
  } finally {
    starting.drop();
  }
}

function named(url: string): { url: string; text: string } {
  return { url, text: `PostgreSQL at ${placeOf(url)}` };
}

/** A cluster that is named, the recording where it is asked for, else an embedded Kafka. */
async function kafkaPlace(launch: Launch, ports: KafkaPorts): Promise<KafkaPlace> {
  const { kafka, source } = launch.config;
  if (source === 'replay') return replayInstead('THROUGHLINE_SOURCE=replay');
  return kafka === null ? startEmbeddedKafka(launch, ports) : namedCluster(kafka.brokers);
}

function namedCluster(brokers: readonly string[]): KafkaPlace {
  return { source: 'kafka', brokers: null, text: `Kafka at ${brokers.join(', ')}`, ready: Promise.resolve() };
}

async function step(progress: Progress, doing: string, result: string, work: () => Promise<void>): Promise<void> {
  const running = progress.begin(doing);
  try {
    await work();
    running.done(result);
  } finally {
    running.drop();
  }
}
