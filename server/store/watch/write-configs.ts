import type { TopicConfig } from '../../ports/cluster-watch.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';

/** Longest text of a configuration, in UTF-16 units. */
const LONGEST = 200;

/** Writes what the broker says of topics' configurations, of those that it could not say the reason beside what it last said. */
export async function writeConfigs(
  client: Queryable,
  clusterId: number,
  configs: readonly TopicConfig[],
): Promise<void> {
  if (configs.length === 0) return;
  await client.query(UPSERT, [
    clusterId,
    configs.map(({ topic }) => topic),
    configs.map(({ retentionMs }) => retentionMs),
    configs.map(({ cleanupPolicy }) => (cleanupPolicy === null ? null : storableText(cleanupPolicy, LONGEST))),
    configs.map(({ deadLetters }) => deadLetters),
    configs.map(({ trouble }) => (trouble === null ? null : storableText(trouble, LONGEST))),
  ]);
}

const UPSERT = `
  insert into topic_config as t (incarnation_id, retention_ms, cleanup_policy, dead_letters, trouble, looked_at)
  select distinct on (i.id) i.id, c.retention_ms, c.cleanup_policy, c.dead_letters, c.trouble, clock_timestamp()
  from unnest($2::text[], $3::bigint[], $4::text[], $5::boolean[], $6::text[])
    as c(topic, retention_ms, cleanup_policy, dead_letters, trouble)
  join incarnation i on i.cluster_id = $1 and i.topic = c.topic and i.gone_at is null
  order by i.id
  on conflict (incarnation_id) do update set looked_at = excluded.looked_at, trouble = excluded.trouble,
    retention_ms = case when excluded.trouble is null then excluded.retention_ms else t.retention_ms end,
    cleanup_policy = case when excluded.trouble is null then excluded.cleanup_policy else t.cleanup_policy end,
    dead_letters = case when excluded.trouble is null then excluded.dead_letters else t.dead_letters end`;
