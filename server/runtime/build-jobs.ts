import type { PrepareRecords } from '../ingest/prepare-records.ts';
import { createJobRunner, type JobRunner, type JobTask } from '../jobs/create-job-runner.ts';
import { createSteppedTask } from '../jobs/run-steps.ts';
import type { QueueNames } from '../model/dead-letter-queue.ts';
import type { TaskName } from '../model/job-wire.ts';
import { rescueJobs } from '../store/jobs/rescue-jobs.ts';
import { openPool } from '../store/open-pool.ts';
import { createReResolveStore } from '../store/re-resolve/re-resolve-store.ts';
import { createReSettleStore } from '../store/re-settle/re-settle-store.ts';
import { createOutageLog } from './outage-log.ts';

/** One listens for jobs, one looks for them, one works on one, one looks after what others left. */
const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 10_000;

export interface JobsDeps {
  readonly databaseUrl: string;
  readonly workspaceId: number;
  readonly prepare: PrepareRecords;
  readonly resolverVersion: () => Promise<number>;
  readonly queues: QueueNames;
  /** There are traces to settle. */
  onStep(): void;
  say(line: string): void;
}

/** The jobs of a tap, with connections of their own: a job never waits for ingest, nor ingest for a job. */
export function buildJobs({
  databaseUrl,
  workspaceId,
  prepare,
  resolverVersion,
  queues,
  onStep,
  say,
}: JobsDeps): JobRunner {
  const log = createOutageLog('Background jobs', say);
  const pool = openPool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: 'throughline jobs',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  pool.on('error', (error) => log.failed(error));
  const hears = { onFailure: (error: unknown) => log.failed(error), onWorked: () => log.worked() };
  const reResolve = createReResolveStore({ pool, workspaceId, resolverVersion, queues });
  const reSettle = createReSettleStore({ pool, workspaceId });
  const runner = createJobRunner({
    ...hears,
    pool,
    tasks: {
      're-resolve': createSteppedTask({ ...hears, ...reResolve, step: (id) => reResolve.step(id, prepare), onStep }),
      're-settle': createSteppedTask({ ...hears, ...reSettle, onStep }),
    } satisfies Readonly<Record<TaskName, JobTask>>,
    rescue: () => rescueJobs(pool),
  });
  return {
    start: () => runner.start(),
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}
