import ipaddr from 'ipaddr.js';
import { notificationRules } from '../alerts/notification-rules.ts';
import { createDeliverTask } from '../alerts/run-deliver.ts';
import { createNotifyTask } from '../alerts/run-notify.ts';
import { createSender } from '../alerts/send/create-sender.ts';
import type { Config } from '../config/load-config.ts';
import type { RawEnvironment } from '../config/read-environment.ts';
import { createJobRunner, type JobRunner } from '../jobs/create-job-runner.ts';
import { DELIVER_TASK, NOTIFY_TASK } from '../ports/deliveries.ts';
import { createDeliveryStore } from '../store/deliveries/delivery-store.ts';
import { writeFileReceivers } from '../store/deliveries/file-receivers.ts';
import { rescueDeliveries } from '../store/deliveries/rescue-deliveries.ts';
import { createNoticeStore } from '../store/notices/notice-store.ts';
import { openPool } from '../store/open-pool.ts';
import { once } from './once.ts';
import { createOutageLog } from './outage-log.ts';
import { missingSecrets, readSecret } from './read-secret.ts';

/** One listens for jobs; the others are held for single statements, never while something is sent. */
const POOL_SIZE = 5;
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Tries at a time, of all receivers: each receiver takes one, so as many may hang for their 15 s before another one
 * waits. What is due is looked for by each worker that rests: six looks a second in all.
 */
const CONCURRENCY = 12;
const POLL_MS = 2_000;

export interface DeliveriesDeps {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly workspaceId: number;
  readonly env: RawEnvironment;
  say(line: string): void;
}

/**
 * Telling of alerts, by jobs beside those of `buildJobs`: a job that takes hours delays no delivery. The receivers of the
 * file are written before the first job runs.
 */
export function buildDeliveries({ config, databaseUrl, workspaceId, env, say }: DeliveriesDeps): JobRunner {
  const log = createOutageLog('Telling of alerts', say);
  const pool = openPool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: 'throughline deliveries',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  pool.on('error', (error) => log.failed(error));
  const { receivers, allowedNetworks, externalUrl } = config.alerts;
  const onWorked = () => log.worked();
  const declare = once(() => writeFileReceivers(pool, workspaceId, receivers));
  const notify = createNotifyTask({
    store: createNoticeStore({ pool, workspaceId }),
    rules: notificationRules(externalUrl),
    onWorked,
  });
  const runner = createJobRunner({
    ...{ pool, concurrency: CONCURRENCY, pollMs: POLL_MS, onWorked, onFailure: (error) => log.failed(error) },
    tasks: {
      async [NOTIFY_TASK]() {
        await declare();
        await notify();
      },
      [DELIVER_TASK]: createDeliverTask({
        store: createDeliveryStore({ pool }),
        send: createSender({ allowed: allowedNetworks.map((network) => ipaddr.parseCIDR(network)) }),
        readSecret: (place) => readSecret(place, env),
        now: Date.now,
        random: Math.random,
        onWorked,
      }),
    },
    async rescue() {
      await declare();
      await rescueDeliveries(pool, config.retention.ageMs.events);
    },
  });
  return {
    start() {
      for (const line of missingSecrets(receivers, env)) say(line);
      runner.start();
    },
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}
