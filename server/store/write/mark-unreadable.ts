import type { Pool } from 'pg';
import { storableText } from '../storable-text.ts';
import { inTransaction } from '../transaction.ts';

const REASON_LIMIT = 500;

/**
 * Replaces the list of topics that cannot be read. A topic never seen before gets its first incarnation, so that it is
 * shown even though it could not be discovered.
 */
export async function markUnreadable(
  pool: Pool,
  workspaceId: number,
  clusterId: number,
  topics: readonly { readonly topic: string; readonly reason: string }[],
): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  const reasons = topics.map(({ reason }) => storableText(reason, REASON_LIMIT));
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock(7204, $1)', [clusterId]);
    await client.query(INSERT_UNSEEN, [workspaceId, clusterId, names]);
    await client.query(REPLACE, [clusterId, names, reasons]);
  });
}

const INSERT_UNSEEN = `
  insert into incarnation (workspace_id, cluster_id, topic, n)
  select $1, $2, topic, 1 from (select distinct topic from unnest($3::text[]) as t(topic)) t
  where not exists (select from incarnation i where i.cluster_id = $2 and i.topic = t.topic)`;

const REPLACE = `
  update incarnation i set unreadable = l.reason
  from (
    select o.id, (
      select max(u.reason) from unnest($2::text[], $3::text[]) as u(topic, reason)
      where u.topic = o.topic
        and o.n = (select max(n) from incarnation x where x.cluster_id = $1 and x.topic = o.topic)
    ) as reason
    from incarnation o where o.cluster_id = $1 and (o.unreadable is not null or o.topic = any($2::text[]))
  ) l
  where i.id = l.id and i.unreadable is distinct from l.reason`;
