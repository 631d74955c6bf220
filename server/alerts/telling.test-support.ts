import ipaddr from 'ipaddr.js';
import { SECRET } from '../../e2e/support/webhook-receiver.ts';
import { createJobRunner } from '../jobs/create-job-runner.ts';
import type { AlertNotice } from '../model/alert-notice.ts';
import { TELLING_DEFAULTS } from '../model/notification.ts';
import type { Receiver } from '../model/receiver.ts';
import { DELIVER_TASK, NOTIFY_TASK } from '../ports/deliveries.ts';
import { createDeliveryStore } from '../store/deliveries/delivery-store.ts';
import { rescueDeliveries } from '../store/deliveries/rescue-deliveries.ts';
import { createNoticeStore } from '../store/notices/notice-store.ts';
import { openPool } from '../store/open-pool.ts';
import { notificationRules } from './notification-rules.ts';
import { createDeliverTask, SecretError } from './run-deliver.ts';
import { createNotifyTask } from './run-notify.ts';
import { createSender } from './send/create-sender.ts';

export const RULES = notificationRules('http://throughline.test');

/** A receiver as the file declares it, told at once. */
export function receiverOf(name: string, url: string, more: Partial<Receiver> = {}): Receiver {
  return {
    ...TELLING_DEFAULTS,
    ...{ name, kind: 'webhook', url, secret: SECRET, headers: {} },
    ...{ groupBy: ['alertname', 'topic'], groupWaitMs: 0, groupIntervalMs: 1, ...more },
  };
}

/** A notice of the alert on one queue. */
export function noticeOf(topic: string, more: Partial<AlertNotice> = {}): AlertNotice {
  return {
    ...{ fingerprint: Buffer.from(topic.padEnd(8, '_')).toString('hex').slice(0, 16), firing: 1, status: 'firing' },
    ...{ receivers: ['ops'], labels: { alertname: 'Dead letters', topic }, annotations: { summary: `On ${topic}` } },
    ...{ startsAt: 1_000, endsAt: null, path: '/alerts', ...more },
  };
}

/** The part of a tap that makes notifications and sends them. */
export function tapOn(
  databaseUrl: string,
  { retryMs = [20, 20, 20, 20, 20, 20, 20, 20], timeoutMs = 5_000, heldMs = 30_000 } = {},
) {
  const pool = openPool({ connectionString: databaseUrl, max: 6 });
  pool.on('error', () => undefined);
  const failures: unknown[] = [];
  const deliver = createDeliverTask({
    store: createDeliveryStore({ pool }),
    send: createSender({ allowed: [ipaddr.parseCIDR('127.0.0.0/8')], timeoutMs }),
    readSecret(place) {
      throw new SecretError(`There is no ${place.from}.`);
    },
    now: Date.now,
    random: () => 0,
    onWorked: () => {},
    retryMs,
  });
  const runner = createJobRunner({
    pool,
    concurrency: 6,
    pollMs: 50,
    tasks: {
      [NOTIFY_TASK]: createNotifyTask({
        store: createNoticeStore({ pool, workspaceId: 1 }),
        rules: RULES,
        onWorked: () => {},
      }),
      [DELIVER_TASK]: deliver,
    },
    rescue: () => rescueDeliveries(pool, 86_400_000, heldMs),
    onFailure: (error) => failures.push(error),
    onWorked: () => {},
  });
  runner.start();
  return {
    failures,
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}
