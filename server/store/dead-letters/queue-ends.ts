import { type Micros, micros } from '../../model/time.ts';
import { microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import type { KnownQueue } from './known-queues.ts';

/** One partition of a queue: its ends as they were last seen, how far it is worked off, and what is stored between. */
export interface PartitionEnds {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
  /** The lowest of what the declared groups have committed; null where none has. */
  readonly triaged: bigint | null;
  /** What is not worked off begins here. */
  readonly floor: bigint;
  /** Our own dead letters from there to the high watermark. */
  readonly stored: bigint;
  /** The first of them, by offset; also one that came after the ends were last seen. */
  readonly oldestAt: Micros | null;
  /** Offsets from the floor to the high watermark that the tap has not read yet, that lie before where it began, or in a hole. */
  readonly unread: bigint;
  readonly before: bigint;
  readonly holes: bigint;
}

export interface QueueEnds {
  /** When they were last looked at; null for never. */
  readonly lookedAt: Micros | null;
  readonly partitions: readonly PartitionEnds[];
  /** Which of the declared groups have committed on it. */
  readonly committed: ReadonlySet<string>;
}

interface EndsRow {
  readonly incarnation_id: number;
  readonly partition: number;
  readonly low: string;
  readonly high: string;
  readonly triaged: string | null;
  readonly floor: string;
  readonly stored: string;
  readonly oldest_us: string | null;
  readonly unread: string;
  readonly before: string;
  readonly holes: string;
  readonly groups: readonly string[];
  readonly looked_us: string | null;
}

/** Depth per partition: high watermark − max(low watermark, triage group's committed offset), never less than none. */
export function depthOf({ high, floor }: Pick<PartitionEnds, 'high' | 'floor'>): bigint {
  return high > floor ? high - floor : 0n;
}

/** The ends of some queues, by incarnation; those without a partition that was ever seen are empty. */
export async function readQueueEnds(
  client: Queryable,
  queues: readonly KnownQueue[],
): Promise<(queue: KnownQueue) => QueueEnds> {
  const pairs = queues.flatMap(({ incarnationId, triageGroups }) =>
    triageGroups.map((group) => [incarnationId, group] as const),
  );
  const { rows } = await client.query<EndsRow>(ENDS, [
    queues.map(({ incarnationId }) => incarnationId),
    pairs.map(([incarnationId]) => incarnationId),
    pairs.map(([, group]) => group),
  ]);
  const byQueue = new Map<number, EndsRow[]>();
  for (const row of rows) {
    const list = byQueue.get(row.incarnation_id);
    if (list === undefined) byQueue.set(row.incarnation_id, [row]);
    else list.push(row);
  }
  return ({ incarnationId }) => toEnds(byQueue.get(incarnationId) ?? []);
}

function toEnds(rows: readonly EndsRow[]): QueueEnds {
  const looked = rows.flatMap(({ looked_us: us }) => (us === null ? [] : [Number(us)]));
  return {
    lookedAt: looked.length === 0 ? null : micros(Math.min(...looked)),
    committed: new Set(rows.flatMap(({ groups }) => groups)),
    partitions: rows.map((row) => ({
      partition: row.partition,
      low: BigInt(row.low),
      high: BigInt(row.high),
      triaged: row.triaged === null ? null : BigInt(row.triaged),
      floor: BigInt(row.floor),
      stored: BigInt(row.stored),
      oldestAt: row.oldest_us === null ? null : micros(Number(row.oldest_us)),
      unread: BigInt(row.unread),
      before: BigInt(row.before),
      holes: BigInt(row.holes),
    })),
  };
}

// The ends are those that watch saw; where nobody watches, as over a recording, those of the tap's own reading. The tap's own
// group never counts. A topic is looked at by the newest round that did not fail for it. Counts go by the index of places alone.
const ENDS = `
  with queue as (select unnest($1::int[]) as incarnation_id),
  triage as (
    select q.incarnation_id, g.id, g.label
    from unnest($2::int[], $3::text[]) as q(incarnation_id, label)
    join incarnation i on i.id = q.incarnation_id
    join consumer_group g on g.cluster_id = i.cluster_id and g.label = q.label and not g.own and g.gone_at is null
  ),
  ends as (
    select incarnation_id, partition, coalesce(w.low, p.low, p.first_offset) as low,
      coalesce(w.high, greatest(p.high, p.next_offset)) as high, p.first_offset, p.next_offset,
      case when w.high is null then p.sampled_at else coalesce(r.again_ended_at, w.moved_at) end as looked_at
    from queue q
    join (select * from watermark where incarnation_id = any($1::int[])) w using (incarnation_id)
    full join (select * from partition_state where incarnation_id = any($1::int[])) p using (incarnation_id, partition)
    left join lateral (
      select r.again_ended_at from watch_round r join incarnation i on i.cluster_id = r.cluster_id
      where i.id = incarnation_id and r.failure is null and not r.failed_topics @> array[i.id]
      order by r.id desc limit 1
    ) r on true
  ),
  worked as (
    select e.*, t.triaged, coalesce(t.groups, '{}') as groups,
      least(greatest(e.low, coalesce(t.triaged, e.low)), greatest(e.high, e.low)) as floor
    from ends e left join lateral (
      select min(o.committed) as triaged, array_agg(t.label) as groups
      from triage t join committed_offset o on o.group_id = t.id and o.incarnation_id = t.incarnation_id
      where t.incarnation_id = e.incarnation_id and o.partition = e.partition and o.committed is not null
    ) t on true
  )
  select w.incarnation_id, w.partition, w.low, w.high, w.triaged, w.floor, w.groups,
    ${microsSql('w.looked_at')} as looked_us,
    (select count(*) from dead_letter d where d.incarnation_id = w.incarnation_id and d.partition = w.partition
      and d."offset" >= w.floor and d."offset" < w.high) as stored,
    ${microsSql(`(select d.recorded_at from dead_letter d where d.incarnation_id = w.incarnation_id
      and d.partition = w.partition and d."offset" >= w.floor order by d."offset" limit 1)`)} as oldest_us,
    greatest(0, w.high - greatest(w.floor, coalesce(w.next_offset, w.floor))) as unread,
    greatest(0, least(w.high, coalesce(w.first_offset, w.floor)) - w.floor) as before,
    (select coalesce(sum(greatest(0, least(h.to_offset, w.high) - greatest(h.from_offset, w.floor))), 0) from hole h
      where h.incarnation_id = w.incarnation_id and h.partition = w.partition and h.to_offset > w.floor) as holes
  from worked w order by w.incarnation_id, w.partition`;
