import { type Millis, millis } from '../../model/time.ts';
import type { KnownGroup, KnownMark, KnownOffset, WatchState } from '../../ports/watch-store.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

interface GroupRow extends Pick<KnownGroup, 'type' | 'state' | 'undescribable' | 'trouble'> {
  readonly id: number;
  readonly name: Buffer;
  readonly protocol_type: string;
  readonly member_count: number | null;
  readonly members: readonly [string, string, string | null][];
}

interface OffsetRow {
  readonly name: Buffer;
  readonly incarnation_id: number;
  readonly topic: string;
  readonly partition: number;
  readonly committed: string | null;
  readonly foreign_offset: string | null;
  readonly good_us: string | null;
}

/** What a new leader goes on from, with the small ids of the groups. */
export async function readWatchState(
  client: Queryable,
  clusterId: number,
): Promise<WatchState & { readonly ids: ReadonlyMap<string, number> }> {
  const groups = await client.query<GroupRow>(GROUPS, [clusterId]);
  const offsets = await client.query<OffsetRow>(OFFSETS, [clusterId]);
  const marks = await client.query<{
    incarnation_id: number;
    partition: number;
    low: string;
    high: string;
    us: string;
  }>(MARKS, [clusterId]);
  const clean = await client.query<{ us: string }>(CLEAN, [clusterId]);
  return {
    ids: new Map(groups.rows.map(({ name, id }) => [name.toString('utf8'), id])),
    groups: groups.rows.map(toGroup),
    offsets: offsets.rows.map(toOffset),
    marks: marks.rows.map(
      (row): KnownMark => ({
        ...{ incarnationId: row.incarnation_id, partition: row.partition },
        ...{ low: BigInt(row.low), high: BigInt(row.high), at: toMillis(row.us) },
      }),
    ),
    cleanAt: clean.rows[0] === undefined ? null : toMillis(clean.rows[0].us),
  };
}

function toGroup({ name, protocol_type, member_count, members, ...row }: GroupRow): KnownGroup {
  const { type, state, undescribable, trouble } = row;
  return {
    ...{ type, state, undescribable, trouble },
    group: name.toString('utf8'),
    protocolType: protocol_type,
    memberCount: member_count,
    members: members.map(([clientId, host, instanceId]) => ({ clientId, host, instanceId })),
  };
}

function toOffset(row: OffsetRow): KnownOffset {
  return {
    group: row.name.toString('utf8'),
    incarnationId: row.incarnation_id,
    topic: row.topic,
    partition: row.partition,
    committed: row.committed === null ? null : BigInt(row.committed),
    foreign: row.foreign_offset === null ? null : BigInt(row.foreign_offset),
    goodAt: row.good_us === null ? null : toMillis(row.good_us),
  };
}

function toMillis(us: string): Millis {
  return millis(Math.floor(microsFromSql(us) / 1000));
}

const GROUPS = `
  select id, name, type, protocol_type, state, undescribable, member_count, members, trouble
  from consumer_group where cluster_id = $1 and gone_at is null order by id`;

/** A round that read everything is looked for in the newest two days alone; without one less is claimed. */
const CLEAN_ROUND = `
  select again_began_at from watch_round
  where cluster_id = $1 and failure is null and failed_groups = '{}' and failed_topics = '{}' and reasons = '{}'
    and stored_day >= (select max(stored_day) - 1 from watch_round where cluster_id = $1)
  order by id desc limit 1`;

// The newest round that read the group and the topic saw the offset as it stands: else it would have changed. Where the
// newest did not, the last that read everything did; and where that one is older than the change, the change itself.
const OFFSETS = `
  with newest as (select * from watch_round where cluster_id = $1 order by id desc limit 1),
    clean as (${CLEAN_ROUND})
  select g.name, o.incarnation_id, i.topic, o.partition, o.committed, o.foreign_offset,
    ${microsSql(`case
      when n.failure is null and not o.group_id = any(n.failed_groups) and not o.incarnation_id = any(n.failed_topics)
        then n.again_began_at
      else greatest((select again_began_at from clean), o.seen_at) end`)} as good_us
  from committed_offset o
  join consumer_group g on g.id = o.group_id and g.cluster_id = $1 and g.gone_at is null
  join incarnation i on i.id = o.incarnation_id
  left join newest n on true
  order by o.group_id, o.incarnation_id, o.partition`;

const MARKS = `
  select m.incarnation_id, m.partition, m.low, m.high, ${microsSql('m.moved_at')} as us
  from watermark m join incarnation i on i.id = m.incarnation_id and i.cluster_id = $1`;

const CLEAN = `select ${microsSql('again_began_at')} as us from (${CLEAN_ROUND}) clean`;
