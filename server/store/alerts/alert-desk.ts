import type { Pool } from 'pg';
import type { StoredRule } from '../../model/alert-rule.ts';
import type { MatcherWire } from '../../model/alert-wire.ts';
import type { Silence } from '../../model/silence.ts';
import type { Acknowledgement, AlertDesk, TransitionPage } from '../../ports/alert-desk.ts';
import { resolveQueue } from '../dead-letters/resolve-queue.ts';
import { LOCKS } from '../locks.ts';
import { storableText } from '../storable-text.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import {
  ALERT_COLUMNS,
  type AlertRow,
  fromMsSql,
  HEALTH_COLUMNS,
  type HealthRow,
  msSql,
  TRANSITION_COLUMNS,
  type TransitionRow,
  toAlert,
  toHealth,
  toTransition,
} from './alert-rows.ts';

const MOST_LISTED = 2_000;
const MOST_TRANSITIONS = 2_000;
const MOST_PAGE_RULES = 500;
const MOST_SILENCES = 500;
const LONGEST_NOTE = 2_000;

/** What pages and the API see and say of alerts, on PostgreSQL. */
export function createAlertDesk({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): AlertDesk {
  const rulesOn = async (client: Queryable): Promise<readonly StoredRule[]> => {
    const { rows } = await client.query<StoredRule>(RULES, [workspaceId]);
    return rows;
  };
  const said = async (client: Queryable) => ({
    rules: await rulesOn(client),
    silences: (await client.query<Silence>(HOLDING, [workspaceId])).rows,
    acknowledgements: (await client.query<Acknowledgement>(ACKNOWLEDGED, [workspaceId])).rows,
  });
  return {
    overview: ({ from, to }) =>
      inTransaction(
        pool,
        async (client) => {
          const { rows } = await client.query<AlertRow>(LISTED, [workspaceId]);
          const history = await client.query<TransitionRow>(CHANGED, [workspaceId, from, to]);
          const evaluated = await client.query<{ at: number | null }>(EVALUATED, [workspaceId]);
          return {
            alerts: rows.slice(0, MOST_LISTED).map((row) => toAlert(row).value),
            moreAlerts: rows.length > MOST_LISTED,
            ...pageOf(history.rows),
            ...(await said(client)),
            evaluatedAt: evaluated.rows[0]?.at ?? null,
          };
        },
        BEGIN.reading,
      ),
    alert: (fingerprint) =>
      inTransaction(
        pool,
        async (client) => {
          const { rows } = await client.query<AlertRow>(ONE, [workspaceId, fingerprint]);
          const history = await client.query<TransitionRow>(PAST, [workspaceId, fingerprint]);
          const [row] = rows;
          if (row === undefined && history.rows.length === 0) return null;
          const alert = row === undefined ? null : toAlert(row).value;
          return { alert, ...pageOf(history.rows), ...(await said(client)) };
        },
        BEGIN.reading,
      ),
    async rules() {
      const health = await pool.query<HealthRow>(HEALTH, [workspaceId]);
      const counts = await pool.query<{ rule: string; pending: number; firing: number }>(COUNTS, [workspaceId]);
      return {
        rules: await rulesOn(pool),
        health: new Map(health.rows.map((row) => [row.rule, toHealth(row).value])),
        counts: new Map(counts.rows.map(({ rule, ...count }) => [rule, count])),
      };
    },
    createRule: (rule) =>
      inTransaction(pool, async (client) => {
        const names = await lockedNames(client);
        if (names.some(({ name, origin }) => name === rule.name && origin !== 'built in')) return 'taken';
        if (names.filter(({ origin }) => origin === 'page').length >= MOST_PAGE_RULES) return 'full';
        await client.query(PUT_RULE, [workspaceId, rule.name, JSON.stringify(rule)]);
        return 'created';
      }),
    changeRule: (rule) =>
      inTransaction(pool, async (client) => {
        const origins = (await lockedNames(client))
          .filter(({ name }) => name === rule.name)
          .map(({ origin }) => origin);
        if (origins.length === 0) return 'unknown';
        if (origins.includes('throughline.yaml')) return 'read only';
        await client.query(PUT_RULE, [workspaceId, rule.name, JSON.stringify(rule)]);
        return 'changed';
      }),
    removeRule: (name) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(REMOVE_RULE, [workspaceId, name]);
        if (rowCount === 1) return 'removed';
        return (await lockedNames(client)).some((each) => each.name === name) ? 'read only' : 'unknown';
      }),
    async acknowledge(fingerprint, { author, note }) {
      const { rows } = await pool.query<Acknowledgement & { readonly phase: string }>(ACKNOWLEDGE, [
        ...[workspaceId, fingerprint, storableText(author, 100)],
        note === null ? null : storableText(note, LONGEST_NOTE),
      ]);
      const [made] = rows;
      if (made !== undefined) return made;
      const known = await pool.query('select from alert where workspace_id = $1 and fingerprint = $2', [
        ...[workspaceId, fingerprint],
      ]);
      return known.rowCount === 0 ? 'unknown' : 'not firing';
    },
    async silences() {
      const { rows } = await pool.query<Silence>(SILENCES, [workspaceId]);
      return rows;
    },
    async createSilence({ matchers, from, until, reason, author }) {
      const { rows } = await pool.query<Silence>(MAKE_SILENCE, [
        ...[workspaceId, JSON.stringify(matchers.map(storable)), from, until],
        ...[storableText(reason, LONGEST_NOTE), storableText(author, 100)],
      ]);
      return rows[0] ?? 'full';
    },
    async endSilence(id) {
      const { rowCount } = await pool.query(END_SILENCE, [workspaceId, id]);
      return rowCount === 1;
    },
    resolveQueue({ cluster, topic }, { author, note }) {
      return resolveQueue(pool, {
        ...{ workspaceId, cluster, topic: storableText(topic, 249), author: storableText(author, 100) },
        note: note === null ? null : storableText(note, LONGEST_NOTE),
      });
    },
  };

  /** Two who make a rule of one name at once are told apart. */
  async function lockedNames(client: Queryable) {
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCKS.alertRules, workspaceId]);
    const { rows } = await client.query<{ name: string; origin: string }>(
      'select name, origin from alert_rule where workspace_id = $1',
      [workspaceId],
    );
    return rows;
  }
}

function pageOf(rows: readonly TransitionRow[]): TransitionPage {
  return { transitions: rows.slice(0, MOST_TRANSITIONS).map(toTransition), more: rows.length > MOST_TRANSITIONS };
}

function storable({ label, operator, value }: MatcherWire): MatcherWire {
  return { label: storableText(label, 100), operator, value: storableText(value, 500) };
}

const RULES = `
  select origin, written from alert_rule where workspace_id = $1
  order by origin = 'built in', origin = 'page', place, name`;

const RANK = `case when a.trouble is not null then 1 else case a.phase when 'firing' then 0 when 'pending' then 2 else 3 end end`;

const LISTED = `
  select ${ALERT_COLUMNS} from alert a where workspace_id = $1 and (phase <> 'inactive' or trouble is not null)
  order by ${RANK}, a.since desc limit ${MOST_LISTED + 1}`;

const ONE = `select ${ALERT_COLUMNS} from alert a where workspace_id = $1 and fingerprint = $2`;

const CHANGED = `
  select ${TRANSITION_COLUMNS} from alert_transition t
  where workspace_id = $1 and at >= ${fromMsSql('$2')} and at < ${fromMsSql('$3')}
  order by at desc, fingerprint, seq desc limit ${MOST_TRANSITIONS + 1}`;

const PAST = `
  select ${TRANSITION_COLUMNS} from alert_transition t where workspace_id = $1 and fingerprint = $2
  order by seq desc limit ${MOST_TRANSITIONS + 1}`;

const EVALUATED = `select ${msSql('max(evaluated_at)')} as at from alert_rule_state where workspace_id = $1`;

const HEALTH = `select ${HEALTH_COLUMNS} from alert_rule_state s where workspace_id = $1`;

const COUNTS = `
  select rule, count(*) filter (where phase = 'pending')::int as pending, count(*) filter (where phase = 'firing')::int as firing
  from alert where workspace_id = $1 and (phase <> 'inactive' or trouble is not null) group by rule`;

const PUT_RULE = `
  insert into alert_rule (workspace_id, origin, name, place, written) values ($1, 'page', $2, 0, $3)
  on conflict (workspace_id, origin, name) do update set written = excluded.written, changed_at = now()`;

const REMOVE_RULE = `delete from alert_rule where workspace_id = $1 and origin = 'page' and name = $2`;

const ACKNOWLEDGED = `
  select k.fingerprint, k.firing, ${msSql('k.at')} as at, k.author, k.note
  from alert_acknowledgement k join alert a on a.workspace_id = k.workspace_id and a.fingerprint = k.fingerprint
    and a.firing = k.firing
  where k.workspace_id = $1 and a.phase = 'firing'`;

const ACKNOWLEDGE = `
  insert into alert_acknowledgement as k (workspace_id, fingerprint, firing, at, author, note)
  select workspace_id, fingerprint, firing, now(), $3, $4 from alert
  where workspace_id = $1 and fingerprint = $2 and phase = 'firing'
  on conflict (workspace_id, fingerprint, firing) do update set author = excluded.author, at = excluded.at,
    note = coalesce(excluded.note, k.note)
  returning fingerprint, firing, ${msSql('at')} as at, author, note`;

const SILENCE_COLUMNS = `id, matchers, ${msSql('from_at')} as "from", ${msSql('until_at')} as until, reason, author`;

const HOLDING = `
  select ${SILENCE_COLUMNS} from silence where workspace_id = $1 and until_at > now() and from_at <= now()
  order by until_at limit 1000`;

const SILENCES = `
  select ${SILENCE_COLUMNS} from silence where workspace_id = $1
  order by until_at > now() desc, until_at desc limit ${MOST_SILENCES}`;

const MAKE_SILENCE = `
  insert into silence (workspace_id, matchers, from_at, until_at, reason, author)
  select $1, $2::jsonb, ${fromMsSql('$3')}, ${fromMsSql('$4')}, $5, $6
  where (select count(*) from silence where workspace_id = $1 and until_at > now()) < ${MOST_SILENCES}
  returning ${SILENCE_COLUMNS}`;

const END_SILENCE = `
  update silence set until_at = now(), from_at = least(from_at, now())
  where workspace_id = $1 and id = $2::uuid and until_at > now()`;
