import { type Micros, micros } from '../../model/time.ts';
import { microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';
import type { KnownQueue } from './known-queues.ts';
import { seenEndsSql } from './seen-ends.ts';

/** One partition of a queue: its ends as they were last seen, and how far it is worked off. */
interface PlainEnds {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
  /** The lowest of what the declared groups have committed; null where none has. */
  readonly triaged: bigint | null;
  /** What is not worked off begins here. */
  readonly floor: bigint;
  /** Of our own dead letters from there on the first, by offset; also one that came after the ends were last seen. */
  readonly oldestAt: Micros | null;
}

/** The same with what is stored between its ends: it takes as long as there are dead letters. */
export interface PartitionEnds extends PlainEnds {
  /** Our own dead letters from the floor to the high watermark. */
  readonly stored: bigint;
  /** Offsets from the floor to the high watermark that the tap has not read yet, that lie before where it began, or in a hole. */
  readonly unread: bigint;
  readonly before: bigint;
  readonly holes: bigint;
}

export interface QueueEnds<Partition extends PlainEnds = PartitionEnds> {
  /** When they were last looked at; null for never. */
  readonly lookedAt: Micros | null;
  readonly partitions: readonly Partition[];
  /** Which of the declared groups have committed on it. */
  readonly committed: ReadonlySet<string>;
}

interface PlainRow {
  readonly incarnation_id: number;
  readonly partition: number;
  readonly low: string;
  readonly high: string;
  readonly triaged: string | null;
  readonly floor: string;
  readonly oldest_us: string | null;
  readonly groups: readonly string[];
  readonly looked_us: string | null;
}

interface CountedRow extends PlainRow {
  readonly stored: string;
  readonly unread: string;
  readonly before: string;
  readonly holes: string;
}

/** Depth per partition: high watermark − max(low watermark, triage group's committed offset), never less than none. */
export function depthOf({ high, floor }: Pick<PartitionEnds, 'high' | 'floor'>): bigint {
  return high > floor ? high - floor : 0n;
}

/** The ends of some queues, by incarnation, with what is stored between; those without a partition that was ever seen are empty. */
export async function readQueueEnds(
  client: Queryable,
  queues: readonly KnownQueue[],
): Promise<(queue: KnownQueue) => QueueEnds> {
  return readEnds<CountedRow, PartitionEnds>(client, queues, COUNTED_ENDS, (row) => ({
    ...toPlain(row),
    stored: BigInt(row.stored),
    unread: BigInt(row.unread),
    before: BigInt(row.before),
    holes: BigInt(row.holes),
  }));
}

/** The same without what is stored between: as quick for a deep queue as for an empty one. */
export async function readPlainEnds(
  client: Queryable,
  queues: readonly KnownQueue[],
): Promise<(queue: KnownQueue) => QueueEnds<PlainEnds>> {
  return readEnds<PlainRow, PlainEnds>(client, queues, PLAIN_ENDS, toPlain);
}

async function readEnds<Row extends PlainRow, Partition extends PlainEnds>(
  client: Queryable,
  queues: readonly KnownQueue[],
  statement: string,
  toPartition: (row: Row) => Partition,
): Promise<(queue: KnownQueue) => QueueEnds<Partition>> {
  const pairs = queues.flatMap(({ incarnationId, triageGroups }) =>
    triageGroups.map((group) => [incarnationId, group] as const),
  );
  const { rows } = await client.query<Row>(statement, [
    queues.map(({ incarnationId }) => incarnationId),
    pairs.map(([incarnationId]) => incarnationId),
    pairs.map(([, group]) => group),
  ]);
  const byQueue = new Map<number, Row[]>();
  for (const row of rows) {
    const list = byQueue.get(row.incarnation_id);
    if (list === undefined) byQueue.set(row.incarnation_id, [row]);
    else list.push(row);
  }
  return ({ incarnationId }) => {
    const own = byQueue.get(incarnationId) ?? [];
    const looked = own.flatMap(({ looked_us: us }) => (us === null ? [] : [Number(us)]));
    return {
      lookedAt: looked.length === 0 ? null : micros(Math.min(...looked)),
      committed: new Set(own.flatMap(({ groups }) => groups)),
      partitions: own.map(toPartition),
    };
  };
}

function toPlain(row: PlainRow): PlainEnds {
  return {
    partition: row.partition,
    low: BigInt(row.low),
    high: BigInt(row.high),
    triaged: row.triaged === null ? null : BigInt(row.triaged),
    floor: BigInt(row.floor),
    oldestAt: row.oldest_us === null ? null : micros(Number(row.oldest_us)),
  };
}

// The tap's own group never counts. A topic is looked at by the newest round that did not fail for it. Counts go by the index
// of places alone.
const endsSql = (columns: string) => `
  with queue as (select unnest($1::int[]) as incarnation_id),
  triage as (
    select q.incarnation_id, g.id, g.label
    from unnest($2::int[], $3::text[]) as q(incarnation_id, label)
    join incarnation i on i.id = q.incarnation_id
    join consumer_group g on g.cluster_id = i.cluster_id and g.label = q.label and not g.own and g.gone_at is null
  ),
  ends as (
    select e.incarnation_id, e.partition, e.low, e.high, e.first_offset, e.next_offset,
      case when e.watched then coalesce(r.again_ended_at, e.seen_at) else e.seen_at end as looked_at
    from (${seenEndsSql('$1::int[]')}) e left join lateral (
      select again_ended_at from watch_round
      where cluster_id = (select cluster_id from incarnation where id = e.incarnation_id)
        and failure is null and not failed_topics @> array[e.incarnation_id]
      order by id desc limit 1
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
    ${microsSql(`(select d.recorded_at from dead_letter d where d.incarnation_id = w.incarnation_id
      and d.partition = w.partition and d."offset" >= w.floor order by d."offset" limit 1)`)} as oldest_us
    ${columns}
  from worked w order by w.incarnation_id, w.partition`;

const PLAIN_ENDS = endsSql('');

const COUNTED_ENDS = endsSql(`,
    (select count(*) from dead_letter d where d.incarnation_id = w.incarnation_id and d.partition = w.partition
      and d."offset" >= w.floor and d."offset" < w.high) as stored,
    greatest(0, w.high - greatest(w.floor, coalesce(w.next_offset, w.floor))) as unread,
    greatest(0, least(w.high, coalesce(w.first_offset, w.floor)) - w.floor) as before,
    (select coalesce(sum(greatest(0, least(h.to_offset, w.high) - greatest(h.from_offset, w.floor))), 0) from hole h
      where h.incarnation_id = w.incarnation_id and h.partition = w.partition and h.to_offset > w.floor) as holes`);
