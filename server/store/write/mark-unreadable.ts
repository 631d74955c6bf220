import type { Pool, PoolClient } from 'pg';
import { LOCKS } from '../locks.ts';
import { storableText } from '../storable-text.ts';
import { inTransaction } from '../transaction.ts';

const REASON_LIMIT = 500;

/** A tap that has not reported for this long no longer has a say. */
const SILENT_AFTER = '1 minute';

export interface UnreadableContext {
  readonly workspaceId: number;
  /** The tap that tells; its list replaces the one it told before, and no other tap's. */
  readonly writerId: string;
}

/**
 * Replaces the list of topics that this tap cannot read. A topic never seen before gets its first incarnation, so that
 * it is shown even though it could not be discovered.
 */
export async function markUnreadable(
  pool: Pool,
  { workspaceId, writerId }: UnreadableContext,
  clusterId: number,
  topics: readonly { readonly topic: string; readonly reason: string }[],
): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  const reasons = topics.map(({ reason }) => storableText(reason, REASON_LIMIT));
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCKS.topics, clusterId]);
    await client.query(INSERT_UNSEEN, [workspaceId, clusterId, names]);
    await client.query('delete from unreadable_topic where cluster_id = $1 and writer = $2', [clusterId, writerId]);
    await client.query(INSERT, [clusterId, writerId, names, reasons]);
    await joinUnreadable(client, clusterId, writerId);
  });
}

/**
 * Writes what the living taps say together to the newest incarnation of each topic, and forgets what silent ones said.
 * To be called under the cluster's lock. `writerId` lives, whatever its process row says.
 */
export async function joinUnreadable(client: PoolClient, clusterId: number, writerId: string): Promise<void> {
  await client.query(FORGET_SILENT, [clusterId, writerId]);
  await client.query(JOIN, [clusterId]);
}

const INSERT_UNSEEN = `
  insert into incarnation (workspace_id, cluster_id, topic, n)
  select $1, $2, topic, 1 from (select distinct topic from unnest($3::text[]) as t(topic)) t
  where not exists (select from incarnation i where i.cluster_id = $2 and i.topic = t.topic)`;

const INSERT = `
  insert into unreadable_topic (cluster_id, writer, topic, reason)
  select $1, $2, topic, max(reason) from unnest($3::text[], $4::text[]) as u(topic, reason) group by topic`;

const FORGET_SILENT = `
  delete from unreadable_topic u where u.cluster_id = $1 and u.writer <> $2 and not exists (
    select from process p where p.id = u.writer and p.seen_at > now() - interval '${SILENT_AFTER}')`;

const JOIN = `
  update incarnation i set unreadable = l.reason
  from (
    select o.id, (
      select max(u.reason) from unreadable_topic u
      where u.cluster_id = $1 and u.topic = o.topic
        and o.n = (select max(n) from incarnation x where x.cluster_id = $1 and x.topic = o.topic)
    ) as reason
    from incarnation o
    where o.cluster_id = $1
      and (o.unreadable is not null or o.topic in (select topic from unreadable_topic where cluster_id = $1))
  ) l
  where i.id = l.id and i.unreadable is distinct from l.reason`;
