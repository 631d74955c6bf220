import type { Pool } from 'pg';
import type {
  ConsumerGroup,
  ConsumerGroupList,
  GroupPartition,
  GroupTopic,
  LagWire,
} from '../../model/consumer-group-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { GroupFilter } from '../../ports/reads.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { CURSOR_INT, readCursor, writeCursor } from './cursor.ts';
import { type Lag, type LagSum, lagOf, type PlaceRow, sumLag } from './group-lag.ts';
import { readWatchRound } from './watch-round.ts';

interface GroupRow {
  readonly id: number;
  readonly label: string;
  readonly own: boolean;
  readonly type: string | null;
  readonly protocol_type: string;
  readonly state: string | null;
  readonly undescribable: string | null;
  readonly trouble: string | null;
  readonly member_count: number | null;
  readonly members: readonly [string, string, string | null][];
  readonly first_seen_us: string;
}

interface Place extends PlaceRow {
  readonly group_id: number;
  readonly topic: string;
  readonly n: number;
  readonly partition: number;
  readonly low: string | null;
  readonly foreign_offset: string | null;
  readonly changed_us: string | null;
  readonly after_us: string | null;
}

export type GroupPage = Omit<ConsumerGroupList, 'as_of' | 'coverage'>;

/** Groups by name with their lag, one page. Groups that are gone, and topics that are, are left out. */
export async function readConsumerGroups(pool: Pool, workspaceId: number, filter: GroupFilter): Promise<GroupPage> {
  return inTransaction(pool, (client) => readGroupPage(client, workspaceId, filter), BEGIN.reading);
}

/** The same in a snapshot that is open already. */
export async function readGroupPage(client: Queryable, workspaceId: number, filter: GroupFilter): Promise<GroupPage> {
  const [after] = filter.cursor === undefined ? [null] : readCursor('groups', filter.cursor, [CURSOR_INT]);
  const topic = filter.topic ?? null;
  const watch = await readWatchRound(client, workspaceId);
  const { rows } = await client.query<GroupRow>(GROUPS, [
    workspaceId,
    topic,
    after,
    filter.limit + 1,
    filter.group ?? null,
  ]);
  const page = rows.slice(0, filter.limit);
  const places = await readPlaces(client, page, topic);
  const last = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    watch: watch.wire,
    groups: page.map((group) => toGroup(group, places.get(group.id) ?? [], watch.sampledUs, filter.includePartitions)),
    next_cursor: last === undefined ? null : writeCursor('groups', [String(last.id)]),
  };
}

async function readPlaces(client: Queryable, groups: readonly GroupRow[], topic: string | null) {
  const { rows } = await client.query<Place>(PLACES, [groups.map(({ id }) => id), topic]);
  const byGroup = new Map<number, Place[]>();
  for (const row of rows) {
    const list = byGroup.get(row.group_id);
    if (list === undefined) byGroup.set(row.group_id, [row]);
    else list.push(row);
  }
  return byGroup;
}

type Measured = Place & { readonly measured: Lag | null };

function toGroup(row: GroupRow, places: readonly Place[], sampledUs: number | null, whole: boolean): ConsumerGroup {
  const measured = places.map((place) => ({ ...place, measured: lagOf(place, sampledUs) }));
  const byTopic = new Map<string, Measured[]>();
  for (const place of measured) {
    const key = `${place.topic}~${place.n}`;
    const list = byTopic.get(key);
    if (list === undefined) byTopic.set(key, [place]);
    else list.push(place);
  }
  return {
    group: row.label,
    own: row.own,
    type: row.type,
    protocol_type: row.protocol_type,
    state: row.state,
    undescribable: row.undescribable,
    trouble: row.trouble,
    member_count: row.member_count,
    members: row.members.map(([client, host, instance]) => ({ client_id: client, host, instance_id: instance })),
    first_seen_at: toInstant(row.first_seen_us),
    ...toLag(sumLag(measured.map((place) => place.measured))),
    topics: [...byTopic.values()].map((list) => toTopic(list, whole)),
  };
}

function toTopic(places: readonly Measured[], whole: boolean): GroupTopic {
  const sum = sumLag(places.map(({ measured }) => measured));
  return {
    topic: places[0]?.topic ?? '',
    n: places[0]?.n ?? 0,
    ...toLag(sum),
    partition_count: places.length,
    unknown_count: sum.unknown,
    ...(whole && { partitions: places.map(toPartition) }),
  };
}

function toPartition(place: Measured): GroupPartition {
  const { partition, committed, low, high, foreign_offset, changed_us, after_us, measured } = place;
  return {
    ...{ partition, committed, low, high, foreign: foreign_offset },
    ...toLag(measured),
    changed_after: after_us === null ? null : toInstant(after_us),
    changed_before: changed_us === null ? null : toInstant(changed_us),
  };
}

function toLag(lag: Lag | LagSum | null): LagWire {
  if (lag === null) return { lag: null, lag_s: null, lag_s_within: null };
  return { lag: lag.records?.toString() ?? null, lag_s: lag.seconds, lag_s_within: lag.within };
}

function toInstant(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}

const GROUPS = `
  select id, label, own, type, protocol_type, state, undescribable, trouble, member_count, members,
    ${microsSql('first_seen_at')} as first_seen_us
  from consumer_group g
  where workspace_id = $1 and gone_at is null
    and ($2::text is null or exists (
      select from committed_offset o join incarnation i on i.id = o.incarnation_id and i.gone_at is null
      where o.group_id = g.id and i.topic = $2 and (o.committed is not null or o.foreign_offset is not null)))
    and ($3::int is null or (label, id) > (select label, id from consumer_group where id = $3))
    and ($5::text is null or label = $5)
  order by label, id limit $4`;

// Every partition of each topic that a group has committed on, also those on which it has not. The history says when the
// end of a partition passed what was committed; where it is not written yet, the current watermark does.
const PLACES = `
  with topics as (
    select distinct o.group_id, o.incarnation_id, i.topic, i.n
    from committed_offset o join incarnation i on i.id = o.incarnation_id and i.gone_at is null
    where o.group_id = any($1::int[]) and ($2::text is null or i.topic = $2)
      and (o.committed is not null or o.foreign_offset is not null)
  ), places as (
    select t.group_id, t.incarnation_id, o.partition from topics t join committed_offset o using (group_id, incarnation_id)
    union
    select t.group_id, t.incarnation_id, w.partition from topics t join watermark w using (incarnation_id)
  )
  select p.group_id, t.topic, t.n, p.partition, o.committed, o.foreign_offset, w.low, w.high,
    ${microsSql('o.changed_at')} as changed_us, ${microsSql('o.after_at')} as after_us,
    coalesce(h.high, w.high) as passed_high, case when h.high is null then w.was_high else h.was_high end as was_high,
    ${microsSql('coalesce(h.moved_at, w.moved_at)')} as passed_us,
    ${microsSql('case when h.high is null then w.was_at else h.was_at end')} as was_us
  from places p
  join topics t using (group_id, incarnation_id)
  left join committed_offset o using (group_id, incarnation_id, partition)
  left join watermark w using (incarnation_id, partition)
  left join lateral (
    select c.high, c.was_high, c.moved_at, c.was_at from watermark_change c
    where w.high > o.committed and c.incarnation_id = p.incarnation_id and c.partition = p.partition
      and c.high > o.committed
    order by c.high limit 1
  ) h on true
  order by p.group_id, t.topic, t.n, p.partition`;
