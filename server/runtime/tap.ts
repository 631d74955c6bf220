import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config/load-config.ts';
import { processEnvironment } from '../config/process-config.ts';
import { createIngest } from '../ingest/create-ingest.ts';
import { createPreparer } from '../ingest/prepare-records.ts';
import { createFramePublisher } from '../live/create-frame-publisher.ts';
import { millis } from '../model/time.ts';
import { WORKSPACE_ID } from '../model/workspace.ts';
import { createFieldSample } from '../pipeline/field-sample.ts';
import { createReading } from '../pipeline/reading.ts';
import { createRegistrySchemas } from '../pipeline/registry-schemas.ts';
import { createSchemaChecks } from '../pipeline/schema-checks.ts';
import { schemaSetDigest } from '../pipeline/schema-identity.ts';
import type { Clock } from '../ports/clock.ts';
import type { TapState } from '../ports/process-store.ts';
import type { RecordSink, Source } from '../ports/source.ts';
import { createSettler } from '../settle/create-settler.ts';
import { createStallWatch } from '../settle/create-stall-watch.ts';
import { keepTopology } from '../settle/keep-topology.ts';
import { settleTraces } from '../settle/settle-traces.ts';
import { createFrameWriter } from '../store/frames/frame-writer.ts';
import { createJobStore } from '../store/jobs/job-store.ts';
import { createMergeStore } from '../store/merge/merge-store.ts';
import { scheduleNotices } from '../store/notices/schedule-notices.ts';
import { openPool } from '../store/open-pool.ts';
import { createProcessStore } from '../store/process-store.ts';
import { eventsWaitForRegistry } from '../store/re-resolve/events-wait.ts';
import { readOtherSchemas } from '../store/read/other-schemas.ts';
import { createRetentionStore } from '../store/retention/retention-store.ts';
import { noteUsability } from '../store/schemas/broken-schemas.ts';
import { createSettleStore } from '../store/settle/settle-store.ts';
import { createStallStore } from '../store/stalls/stall-store.ts';
import { createTopologyStore } from '../store/topology/topology-store.ts';
import { createWatchStore } from '../store/watch/watch-store.ts';
import { createIngestStore } from '../store/write/ingest-store.ts';
import { registerRules } from '../store/write/register-rules.ts';
import { createWatch } from '../watch/create-watch.ts';
import { AUDIT_EVERY_MS, createAuditTask } from './audit-task.ts';
import { backfillLine, backfillState } from './backfill-plan.ts';
import { buildAlerts } from './build-alerts.ts';
import { buildClusterWatch } from './build-cluster-watch.ts';
import { buildDeliveries } from './build-deliveries.ts';
import { buildJobs } from './build-jobs.ts';
import { buildSchemaSource } from './build-registry.ts';
import { createExpireTask, EXPIRE_EVERY_MS } from './expire-task.ts';
import { lead } from './lead.ts';
import { createMergeTask, MERGE_EVERY_MS } from './merge-task.ts';
import { once } from './once.ts';
import { createOriginalsTask, ORIGINALS_EVERY_MS } from './originals-task.ts';
import { otherSchemasLine } from './other-schemas-line.ts';
import { createOutageLog, type OutageLog } from './outage-log.ts';
import { createRegistryReturns } from './registry-returns.ts';
import { repeat } from './repeat.ts';
import { registrySchemaLine, type SchemasInForce, schemaLines } from './schemas/schemas-in-force.ts';
import { createUnreadableLog } from './unreadable-log.ts';

/**
 * Connections of one tap: ingest of several partitions at once, settle, the locks of the frame writer, of watch, of
 * stalled traces and of alerts, and the small tasks.
 */
const POOL_SIZE = 11;
const CONNECT_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 2_000;
const PUBLISH_MS = 150;
/** Between looks whether a registry answers again that records had to do without. */
const REGISTRY_LOOK_MS = 30_000;
/** Between looks whether something new is known of who consumes what. */
const TOPOLOGY_LOOK_MS = 10_000;

/** A tap process: source → ingest → store, with settle, watch and the frame writer beside it. */
export interface Tap {
  start(): Promise<void>;
  /** Source first, so that nothing new comes in; then settle; the row of this process last. */
  stop(): Promise<void>;
}

/** What a tap works with that the caller makes. */
export interface TapDeps {
  readonly databaseUrl: string;
  /** A Kafka cluster or a recording. */
  readonly source: Source;
  readonly schemas: SchemasInForce;
  /** Gets plain lines for the log. */
  readonly say: (line: string) => void;
}

/** Builds a tap. */
export function createTap(config: Config, { databaseUrl, source, schemas, say }: TapDeps): Tap {
  const clock: Clock = { now: () => millis(Date.now()) };
  const id = randomUUID();
  const startedAt = new Date();
  const database = createOutageLog('PostgreSQL', say);
  const storing = createOutageLog('Storing records', say);
  const pool = openPool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: 'throughline tap',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A database host that vanishes without a word must not leave a query waiting for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  pool.on('error', (error) => database.failed(error));
  const processes = createProcessStore({ pool });
  const publisher = createFramePublisher(createFrameWriter({ pool }));
  let state: TapState = {
    connected: false,
    message: 'Starting.',
    since: startedAt.toISOString(),
    cluster: null,
    backfill: null,
  };

  const topology = keepTopology(createTopologyStore({ pool, workspaceId: WORKSPACE_ID }), config.groups);
  const reading = createReading(config.dialects, config.fields, config.deadLetters);
  const settler = createSettler({
    store: createSettleStore({ pool, workspaceId: WORKSPACE_ID, queues: reading.queues }),
    topology: topology.current,
    options: { episodeGapMs: config.episodeGapMs },
    onFailure: (error) => database.failed(error),
  });

  const resolverVersion = once(() =>
    registerRules(pool, WORKSPACE_ID, {
      digest: reading.digest,
      schemas: schemaSetDigest(schemas.set),
      dialects: reading.rules.specs.map(({ spec }) => spec.name),
    }),
  );
  const registry = config.registry === null ? null : buildSchemaSource(config.registry, pool, clock);
  const jobStore = createJobStore({ pool, workspaceId: WORKSPACE_ID });
  const returns =
    registry === null
      ? null
      : createRegistryReturns({
          source: registry.source,
          eventsWait: () => eventsWaitForRegistry(pool, WORKSPACE_ID),
          readAgain: async () => (await jobStore.request('registry unreachable')).kind === 'queued',
        });
  const preparing = {
    ...{ workspaceId: WORKSPACE_ID, reading, resolverVersion },
    check: createSchemaChecks(
      schemas.set,
      createRegistrySchemas((schema, broken) => {
        if (broken !== null) say(registrySchemaLine(schema, broken));
        noteUsability(pool, schema, broken).catch((error: unknown) => database.failed(error));
      }),
    ),
    ...(returns !== null && { schemas: returns.source }),
  };
  const prepare = createPreparer(preparing);

  const ingest = createIngest({
    store: createIngestStore({ pool, workspaceId: WORKSPACE_ID, writerId: id }),
    clock,
    prepare: createPreparer({ ...preparing, sample: createFieldSample(clock.now) }),
    cluster: { name: config.clusterName, source: config.source },
    onConnection: ({ connected, message, cluster }) => {
      const isNews = connected !== state.connected || troubleOf(message) !== troubleOf(state.message);
      if (isNews) say(connected ? connectedLine(config) : (message ?? 'Not connected.'));
      const since = connected === state.connected ? state.since : new Date().toISOString();
      state = { ...state, connected, message, since, cluster: cluster ?? state.cluster };
    },
    onBackfill: (survey) => {
      const before = state.backfill;
      const backfill = backfillState(survey, before?.started_at ?? new Date().toISOString());
      // A share-out in the middle of it tells the rest again: that is no news for the log.
      if (before === null || before.bytes === null) say(backfillLine(backfill));
      state = { ...state, backfill };
    },
    onStored: (batch) => settler.wake(batch),
  });

  const jobs = buildJobs({
    ...{ databaseUrl, prepare, resolverVersion, say },
    workspaceId: WORKSPACE_ID,
    queues: reading.queues,
    onStep: () => settler.wake(),
  });

  const deliveries = buildDeliveries({
    ...{ config, databaseUrl, say, workspaceId: WORKSPACE_ID, env: processEnvironment() },
  });

  const stopping = new AbortController();
  const expire = createExpireTask(
    createRetentionStore({
      pool,
      stopping: stopping.signal,
      queues: reading.queues,
      settle: (open) => settleTraces(open, topology.current(), { episodeGapMs: config.episodeGapMs }),
    }),
    config.retention,
    say,
  );
  const watching = createOutageLog('Watching consumer groups', say);
  const cluster = buildClusterWatch(config);
  const watch =
    cluster === null
      ? null
      : lead(
          createWatch({
            ...{ cluster, clock },
            store: createWatchStore({ pool, workspaceId: WORKSPACE_ID, ownGroup: config.tap.groupId }),
            onFailure: (error) => watching.failed(error),
            onWorked: () => watching.worked(),
          }),
        );

  const overdue = createOutageLog('Looking for stalled traces', say);
  const stalls = lead(
    createStallWatch({
      store: createStallStore({ pool, workspaceId: WORKSPACE_ID }),
      flows: config.flows,
      clock,
      onFailure: (error) => overdue.failed(error),
      onWorked: () => overdue.worked(),
    }),
  );

  const alerts = buildAlerts({
    ...{ config, databaseUrl, pool, clock },
    schedule: scheduleNotices,
    log: createOutageLog('Evaluating alert rules', say),
  });

  const merge = createMergeTask(createMergeStore({ pool }), say);

  const sayOtherSchemas = once(async () => {
    await resolverVersion();
    const line = otherSchemasLine(await readOtherSchemas(pool, WORKSPACE_ID));
    if (line !== null) say(line);
  });

  const report = async (): Promise<void> => {
    await processes.ensureStoredDays();
    await processes.heartbeat({ id, kind: 'tap', host: hostname(), pid: process.pid, startedAt, state });
    await sayOtherSchemas();
    database.worked();
  };

  const tasks: { stop(): Promise<void> }[] = [];
  return {
    async start() {
      for (const line of schemaLines(schemas)) say(line);
      tasks.push(repeat(report, HEARTBEAT_MS, (error) => database.failed(error)));
      tasks.push(
        repeat(
          () => publisher.publish(),
          PUBLISH_MS,
          (error) => database.failed(error),
        ),
      );
      tasks.push(
        repeat(
          async () => {
            // What is sealed is stitched by what is known, not by what is known before the first look.
            await topology.refresh();
            await expire();
          },
          EXPIRE_EVERY_MS,
          (error) => database.failed(error),
        ),
      );
      tasks.push(
        repeat(createOriginalsTask(pool, WORKSPACE_ID), ORIGINALS_EVERY_MS, (error) => database.failed(error)),
      );
      tasks.push(repeat(merge, MERGE_EVERY_MS, (error) => database.failed(error)));
      tasks.push(
        repeat(createAuditTask(pool, config, topology.current, say), AUDIT_EVERY_MS, (error) => database.failed(error)),
      );
      if (returns !== null) {
        tasks.push(
          repeat(
            () => returns.look(),
            REGISTRY_LOOK_MS,
            (error) => database.failed(error),
          ),
        );
      }
      tasks.push(repeat(topology.refresh, TOPOLOGY_LOOK_MS, (error) => database.failed(error)));
      settler.start();
      jobs.start();
      deliveries.start();
      watch?.start();
      stalls.start();
      alerts.start();
      await source.start(told(ingest, storing, createUnreadableLog(say)));
    },
    async stop() {
      stopping.abort();
      await source.stop();
      registry?.close();
      await watch?.stop();
      await stalls.stop();
      await alerts.stop();
      await jobs.stop();
      await deliveries.stop();
      await settler.stop();
      await Promise.all(tasks.map((task) => task.stop()));
      await publisher.stop();
      await processes.gone(id).catch((error: unknown) => database.failed(error));
      await pool.end();
    },
  };
}

/** What is wrong, without when it is tried again: the log says it once, however often it is tried. */
function troubleOf(message: string | null): string | null {
  return message?.replace(/ Trying again in \d+ s\.$/, '') ?? null;
}

function connectedLine({ source, clusterName }: Config): string {
  return source === 'replay' ? 'Replaying recorded events.' : `Connected to ${clusterName}.`;
}

/** The source asks again for ever when a delivery fails, so the failure is said here; so is what cannot be read. */
function told(sink: RecordSink, log: OutageLog, sayUnreadable: ReturnType<typeof createUnreadableLog>): RecordSink {
  return {
    ...sink,
    unreadable(topics) {
      sayUnreadable(topics);
      return sink.unreadable(topics);
    },
    async deliver(batch) {
      try {
        const answer = await sink.deliver(batch);
        log.worked();
        return answer;
      } catch (error) {
        log.failed(error);
        throw error;
      }
    },
  };
}
