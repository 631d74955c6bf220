import { createEvaluator } from '../alerts/create-evaluator.ts';
import { DEFAULT_RULES } from '../alerts/default-rules.ts';
import type { Config } from '../config/load-config.ts';
import type { StoredRule } from '../model/alert-rule.ts';
import { WORKSPACE_ID } from '../model/workspace.ts';
import type { Clock } from '../ports/clock.ts';
import { createAlertReadings } from '../store/alerts/alert-readings.ts';
import { createAlertStore } from '../store/alerts/alert-store.ts';
import { createQueueReadings } from '../store/dead-letters/queue-readings.ts';
import { openPool } from '../store/open-pool.ts';
import { shareForASecond } from '../store/read/share.ts';
import { type Leader, lead } from './lead.ts';
import type { OutageLog } from './outage-log.ts';

/** Rules are read on connections of their own: a statement that takes longer is given up, and the rule's state says so. */
const READINGS_POOL = 2;
const READING_MS = 5_000;

/** What watches alerts in a tap is built from. */
export interface AlertsDeps {
  readonly config: Config;
  readonly databaseUrl: string;
  /** Of the tap: one connection of it holds the lock. */
  readonly pool: Parameters<typeof createAlertStore>[0]['pool'];
  readonly schedule: Parameters<typeof createAlertStore>[0]['schedule'];
  readonly clock: Clock;
  readonly log: OutageLog;
}

/** Builds the evaluator of alert rules. It connects to nothing before it is started. */
export function buildAlerts({ config, databaseUrl, pool, schedule, clock, log }: AlertsDeps): Leader {
  const readings = openPool({
    connectionString: databaseUrl,
    max: READINGS_POOL,
    application_name: 'throughline alerts',
    statement_timeout: READING_MS,
    query_timeout: READING_MS + 1_000,
    connectionTimeoutMillis: READING_MS,
    keepAlive: true,
  });
  // A lost connection is that of the rule in hand, which says so.
  readings.on('error', () => undefined);
  const reading = { pool: readings, workspaceId: WORKSPACE_ID };
  const queues = createQueueReadings({ ...reading, rules: config.deadLetters });
  const leader = lead(
    createEvaluator({
      store: createAlertStore({ pool, workspaceId: WORKSPACE_ID, schedule }),
      readings: createAlertReadings({
        ...{ ...reading, objectives: config.objectives, deadLetters: config.deadLetters, clock },
      }),
      // Rules about queues are held one after the other against one look.
      queues: { readQueues: shareForASecond(clock, () => queues.readQueues()) },
      ownership: config.ownership,
      rules: rulesOf(config),
      clock,
      onFailure: (error) => log.failed(error),
      onWorked: () => log.worked(),
    }),
  );
  return {
    start: () => leader.start(),
    async stop() {
      await leader.stop();
      await readings.end();
    },
  };
}

function rulesOf({ alertRules }: Config): readonly StoredRule[] {
  return [
    ...alertRules.map((written): StoredRule => ({ origin: 'throughline.yaml', written })),
    ...DEFAULT_RULES.map((written): StoredRule => ({ origin: 'built in', written })),
  ];
}
