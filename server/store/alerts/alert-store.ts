import type { Pool, PoolClient } from 'pg';
import type { AlertNotice } from '../../model/alert-notice.ts';
import type { StoredRule, WrittenRule } from '../../model/alert-rule.ts';
import type { QueueMark } from '../../model/alert-state.ts';
import type { MatcherWire } from '../../model/alert-wire.ts';
import { type AlertStore, queueKey } from '../../ports/alert-store.ts';
import { LOCKS } from '../locks.ts';
import { transactionOn } from '../transaction.ts';
import { createLeadership } from '../watch/leader-lock.ts';
import {
  ALERT_COLUMNS,
  type AlertRow,
  HEALTH_COLUMNS,
  type HealthRow,
  msSql,
  toAlert,
  toHealth,
} from './alert-rows.ts';
import { writeRule } from './write-rule.ts';

/** Puts notices where they are delivered from, inside the transaction of the changes they tell of. */
export type ScheduleNotices = (
  client: PoolClient,
  workspaceId: number,
  notices: readonly AlertNotice[],
) => Promise<void>;

export interface AlertStoreOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly schedule: ScheduleNotices;
}

/** The connection that holds the lock is lost: another process may lead. */
class NotAlertLeaderError extends Error {
  readonly code = 'not_alert_leader';
}

/** How long what is over is kept: counts of firings, history, and what people said. */
const KEPT = '400 days';
const SILENCES_KEPT = '90 days';
/** Silences that one round looks at. */
const MOST_SILENCES = 1_000;

/** The leader's side: everything goes through the connection that holds the lock of the workspace. */
export function createAlertStore({ pool, workspaceId, schedule }: AlertStoreOptions): AlertStore {
  const { lead, leading, release } = createLeadership(
    pool,
    LOCKS.alerts,
    () => new NotAlertLeaderError('the connection that holds the lock of alerts is lost'),
  );

  return {
    lead: () => lead(workspaceId),
    async load() {
      const client = leading();
      const alerts = await client.query<AlertRow>(ACTIVE, [workspaceId]);
      const health = await client.query<HealthRow>(HEALTH, [workspaceId]);
      return {
        alerts: alerts.rows.map(toAlert),
        health: new Map(health.rows.map((row) => [row.rule, toHealth(row)])),
      };
    },
    async recall(fingerprints) {
      const { rows } = await leading().query<AlertRow>(RECALL, [workspaceId, fingerprints]);
      return rows.map(toAlert);
    },
    adopt: (rules) =>
      transactionOn(leading(), async (client) => {
        await client.query(FORMER, [workspaceId]);
        await client.query(ADOPT, [workspaceId, JSON.stringify(rules.map((rule, place) => ({ ...rule, place })))]);
      }),
    async controls() {
      const client = leading();
      const { rows } = await client.query<ControlsRow>(CONTROLS, [workspaceId]);
      const [row] = rows;
      if (row === undefined) throw new Error('a query without from answered no row');
      return {
        rules: row.rules.map(({ origin, written }) => ({ origin, written })),
        silences: row.silences,
        acknowledged: new Set(row.acknowledged),
        marks: new Map(row.marks.map(({ cluster, topic, ...mark }) => [queueKey({ cluster, topic }), mark])),
      };
    },
    write: (change) =>
      transactionOn(leading(), async (client) => {
        await writeRule(client, workspaceId, change);
        if (change.notices.length > 0) await schedule(client, workspaceId, change.notices);
      }),
    async tidy() {
      for (const statement of TIDY) await leading().query(statement, [workspaceId]);
      const { rows } = await leading().query<{ rule: string }>(TIDY_HEALTH, [workspaceId]);
      return rows.map(({ rule }) => rule);
    },
    release,
  };
}

interface ControlsRow {
  readonly rules: readonly (StoredRule & { readonly written: WrittenRule })[];
  readonly silences: readonly {
    readonly id: string;
    readonly matchers: readonly MatcherWire[];
    readonly from: number;
    readonly until: number;
    readonly reason: string;
    readonly author: string;
  }[];
  readonly acknowledged: readonly string[];
  readonly marks: readonly (QueueMark & { readonly cluster: string; readonly topic: string })[];
}

const ACTIVE = `select ${ALERT_COLUMNS} from alert a
  where workspace_id = $1 and (phase <> 'inactive' or trouble is not null)`;

const HEALTH = `select ${HEALTH_COLUMNS} from alert_rule_state s where workspace_id = $1`;

const RECALL = `select ${ALERT_COLUMNS} from alert a where workspace_id = $1 and fingerprint = any($2::text[])`;

const FORMER = `delete from alert_rule where workspace_id = $1 and origin <> 'page'`;

const ADOPT = `
  insert into alert_rule (workspace_id, origin, name, place, written)
  select $1, origin, written->>'name', place, written
  from jsonb_to_recordset($2::jsonb) as r(origin text, written jsonb, place int)`;

// Acknowledgements count for the firing they were made of.
const CONTROLS = `
  select
    (select coalesce(json_agg(json_build_object('origin', origin, 'written', written) order by origin, place, name), '[]')
      from alert_rule where workspace_id = $1) as rules,
    (select coalesce(json_agg(s), '[]') from (
      select id, matchers, ${msSql('from_at')} as from, ${msSql('until_at')} as until, reason, author from silence
      where workspace_id = $1 and until_at > now() order by until_at limit ${MOST_SILENCES}) s) as silences,
    (select coalesce(json_agg(k.fingerprint || '/' || k.firing), '[]') from alert_acknowledgement k
      join alert a on a.workspace_id = k.workspace_id and a.fingerprint = k.fingerprint and a.firing = k.firing
      where k.workspace_id = $1 and a.phase = 'firing') as acknowledged,
    (select coalesce(json_agg(json_build_object('cluster', cluster, 'topic', topic, 'at', ${msSql('at')}, 'life', life,
      'offsets', offsets)), '[]') from queue_mark where workspace_id = $1) as marks`;

const TIDY = [
  `delete from alert_transition where workspace_id = $1 and at < now() - interval '${KEPT}'`,
  `delete from alert_acknowledgement where workspace_id = $1 and at < now() - interval '${KEPT}'`,
  `delete from silence where workspace_id = $1 and until_at < now() - interval '${SILENCES_KEPT}'`,
  // Never before its history: the next firing goes on counting where that ends.
  `delete from alert a where workspace_id = $1 and phase = 'inactive' and trouble is null
    and changed_at < now() - interval '${KEPT}' and not exists (select from alert_transition t
      where t.workspace_id = a.workspace_id and t.fingerprint = a.fingerprint)`,
];

// Of a rule that is gone. Never before its history either, which its version numbers.
const TIDY_HEALTH = `
  delete from alert_rule_state s where workspace_id = $1 and evaluated_at < now() - interval '1 day'
    and not exists (select from alert_rule r where r.workspace_id = s.workspace_id and r.name = s.rule)
    and not exists (select from alert_transition t where t.workspace_id = s.workspace_id and t.rule = s.rule and t.firing = 0)
  returning rule`;
