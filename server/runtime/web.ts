import packageJson from '../../package.json' with { type: 'json' };
import { notificationRules } from '../alerts/notification-rules.ts';
import { type Api, createApi } from '../api/create-api.ts';
import type { Config } from '../config/load-config.ts';
import { processConfig } from '../config/process-config.ts';
import { createLiveHub, type LiveHub } from '../live/create-live-hub.ts';
import type { Explanation } from '../model/dialect-wire.ts';
import { createOwnership } from '../model/ownership.ts';
import { type Millis, millis } from '../model/time.ts';
import { WORKSPACE_ID } from '../model/workspace.ts';
import { compareLetter } from '../pipeline/compare-letter.ts';
import { explainRecord } from '../pipeline/explain-record.ts';
import { NO_SCHEMAS } from '../pipeline/read-value.ts';
import { createReading, type Reading } from '../pipeline/reading.ts';
import { wantedSchemas } from '../pipeline/wanted-schemas.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { PlacedRecord } from '../ports/explain.ts';
import type { Reads } from '../ports/reads.ts';
import type { SchemaStore } from '../ports/schema-source.ts';
import { createAlertDesk } from '../store/alerts/alert-desk.ts';
import { createAlertHistory } from '../store/alerts/alert-history.ts';
import { createDeadLetters } from '../store/dead-letters/dead-letters.ts';
import { createReceivers } from '../store/deliveries/receiver-store.ts';
import { createFrameReader } from '../store/frames/frame-reader.ts';
import { createJobStore } from '../store/jobs/job-store.ts';
import { createFieldCounts } from '../store/read/field-counts.ts';
import { createReads } from '../store/read/reads.ts';
import { createStoredRecords } from '../store/read/stored-records.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';
import { createViolationStates } from '../store/violation-states.ts';
import { createDriftReader } from './drift-reader.ts';
import { once } from './once.ts';
import { createRecordReader } from './record-reader.ts';
import { createSchemaCatalog } from './schemas/schema-catalog.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createWebDatabase, type WebDatabase } from './web-database.ts';

/** What pages and API routes of this process share. */
export interface Web {
  readonly reads: Reads;
  readonly deadLetters: DeadLetters;
  readonly hub: LiveHub;
  readonly api: Api;
  readonly now: () => Millis;
  /** Tells the log of an error that a page caught. While the database is away it is one line for all of them. */
  readonly report: (error: unknown) => void;
  /** Ends the live streams, then the connections. */
  close(): Promise<void>;
}

/** Builds the web's parts. Nothing is connected before the first request. */
function createWeb(config: Config, database: WebDatabase, log: (error: unknown) => void): Web {
  const now = () => millis(Date.now());
  const clock = { now };
  const { pool } = database;
  const reading = createReading(config.dialects, config.fields, config.deadLetters);
  const schemas = createSchemaStore({ pool });
  const openReader = createRecordReader(reading, schemas);
  const reads = createReads({
    pool,
    workspaceId: WORKSPACE_ID,
    declaredFlows: config.flows,
    groups: config.groups,
    ownership: config.ownership,
    objectives: config.objectives,
    deadLetters: config.deadLetters,
    fields: config.fields,
    episodeGapMs: config.episodeGapMs,
    clock,
    openReader,
  });
  const deadLetters = createDeadLetters({
    ...{ pool, workspaceId: WORKSPACE_ID, clock, ownership: config.ownership, rules: config.deadLetters, openReader },
    compare: compareLetter,
    asOf: () => reads.asOf(),
  });
  const hub = createLiveHub({ frames: createFrameReader({ pool }), pulse: () => reads.pulse(), clock });
  const api = createApi({
    reads,
    jobs: createJobStore({ pool, workspaceId: WORKSPACE_ID }),
    records: createStoredRecords({ pool, workspaceId: WORKSPACE_ID }),
    dialects: reading.rules.specs.map((each) => ({
      ...each,
      line: config.dialects.find((own) => own === each.spec)?.line ?? null,
    })),
    schemas: once(async () => createSchemaCatalog(await readSchemasInForce(config.schemaFolders), reading.queues)),
    drift: createDriftReader(createFieldCounts({ pool, workspaceId: WORKSPACE_ID })),
    violations: createViolationStates({ pool, workspaceId: WORKSPACE_ID }),
    deadLetters,
    receivers: createReceivers({
      ...{ pool, workspaceId: WORKSPACE_ID },
      bodyOf: notificationRules(config.alerts.externalUrl).bodyOf,
    }),
    alerts: createAlertDesk({ pool, workspaceId: WORKSPACE_ID }),
    alertHistory: createAlertHistory({
      ...{ pool, workspaceId: WORKSPACE_ID, clock },
      ...{ objectives: config.objectives, deadLetters: config.deadLetters },
    }),
    ownership: createOwnership(config.ownership),
    explain: (placed) => explainPlaced(placed, reading, schemas),
    hub,
    clock,
    report: log,
    databaseTrouble: database.trouble,
    version: packageJson.version,
  });
  return {
    reads,
    deadLetters,
    hub,
    api,
    now,
    report(error) {
      void database.trouble().then((trouble) => {
        if (trouble === null) log(error);
      });
    },
    async close() {
      await hub.close();
      await database.close();
    },
  };
}

/** A pasted record stands nowhere; an id is made of its topic alone. Schemas are those kept with stored records. */
async function explainPlaced(
  { record, topic, stored }: PlacedRecord,
  reading: Reading,
  schemas: Pick<SchemaStore, 'find'>,
): Promise<Explanation> {
  const place = stored ?? { incarnation: { id: 0, cluster: 'pasted', topic, n: 1 }, partition: 0 };
  const wanted = wantedSchemas([record]);
  const found = wanted.length === 0 ? NO_SCHEMAS : await schemas.find([], wanted);
  return explainRecord(record, { workspaceId: WORKSPACE_ID, ...place }, reading, found);
}

/** The configuration of this process is not usable; `problems` has one sentence each. */
export class WebConfigError extends Error {
  readonly code = 'web_config';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * The web of this process, built at the first call. It lies on `globalThis`, because the framework bundles pages, routes
 * and the server's own entry apart: a variable of a module would be one per bundle.
 */
export function web(): Web {
  const held = holder();
  held.web ??= webOfProcess();
  return held.web;
}

/** Closes the web of this process, if there is one. */
export async function closeWeb(): Promise<void> {
  await holder().web?.close();
}

function webOfProcess(): Web {
  const read = processConfig();
  if (!read.ok) throw new WebConfigError(read.problems);
  const { databaseUrl } = read.config;
  if (databaseUrl === null) {
    throw new WebConfigError(['DATABASE_URL is not set. Name the database, or use npm start.']);
  }
  const database = createWebDatabase(databaseUrl, (line) => console.log(line));
  return createWeb(read.config, database, (error) => console.error(error));
}

const HOLDER = Symbol.for('throughline.web');

interface Holder {
  web?: Web;
}

/** The holder under our own registered symbol; only this function writes there, so what it finds is a holder. */
function holder(): Holder {
  const found: unknown = Reflect.get(globalThis, HOLDER);
  if (found !== undefined) return found as Holder;
  const made: Holder = {};
  Reflect.set(globalThis, HOLDER, made);
  return made;
}
