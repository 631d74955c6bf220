import type { ConsumptionWire } from '../../model/consumption-wire.ts';
import type { RecordRef } from '../../model/record.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

interface Row {
  readonly label: string;
  readonly own: boolean;
  readonly gone: boolean;
  readonly trouble: string | null;
  readonly committed: string | null;
  readonly foreign_offset: string | null;
  readonly changed_us: string | null;
  readonly pass_after_us: string | null;
  readonly pass_before_us: string | null;
  readonly failure: string | null;
  readonly sampled_us: string | null;
}

/** Groups that are told for one event, those that are there first; more is no help to a reader. */
const GROUPS = 200;

/** For every group that ever committed on the topic in this life: whether it has passed the record. */
export async function readConsumption(client: Queryable, ref: RecordRef): Promise<readonly ConsumptionWire[]> {
  const { rows } = await client.query<Row>(SELECT, [ref.incarnationId, ref.partition, ref.offset.toString(), GROUPS]);
  return rows.flatMap((row) => {
    const told = toConsumption(row, ref.offset);
    return told === null ? [] : [{ group: row.label, own: row.own, ...told }];
  });
}

type Told<T = ConsumptionWire> = T extends ConsumptionWire ? Omit<T, 'group' | 'own'> : never;

function toConsumption(row: Row, offset: bigint): Told | null {
  const committed = row.committed === null ? null : BigInt(row.committed);
  if (row.pass_before_us !== null) {
    const after = row.pass_after_us === null ? null : toInstant(row.pass_after_us);
    const setBack = committed !== null && committed <= offset;
    return { state: 'consumed', after, before: toInstant(row.pass_before_us), set_back: setBack };
  }
  // The history may have been dropped: then all that is known is that it was before the last change.
  if (committed !== null && committed > offset && row.changed_us !== null) {
    return { state: 'consumed', after: null, before: toInstant(row.changed_us), set_back: false };
  }
  // It never had anything to do with the partition that anybody knows of.
  if (row.gone && committed === null) return null;
  if (row.foreign_offset !== null) return unknown('What it committed belongs to a former life of the topic.');
  if (committed === null) return unknown('It has committed nothing on this partition.');
  if (row.failure !== null) return unknown(row.failure);
  if (row.trouble !== null) return unknown(row.trouble);
  if (row.sampled_us === null) return unknown('Nobody has looked yet.');
  return { state: 'not_yet', behind: (offset - committed + 1n).toString(), as_of: toInstant(row.sampled_us) };
}

function unknown(why: string): Told {
  return { state: 'unknown', why };
}

function toInstant(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}

// A pass is a change from an offset not behind the record to one behind it. The index has the changes of a group on a
// partition by day and offset: in a history that only goes forward the first row found is the first pass.
const SELECT = `
  with readers as (
    select g.id as group_id from consumer_group g
    where exists (select from committed_offset o where o.group_id = g.id and o.incarnation_id = $1)
    order by g.gone_at desc nulls first, g.label limit $4
  ), newest as (
    select r.* from watch_round r join incarnation i on i.cluster_id = r.cluster_id and i.id = $1
    order by r.id desc limit 1
  )
  select g.label, g.own, g.gone_at is not null as gone, g.trouble, o.committed, o.foreign_offset,
    ${microsSql('o.changed_at')} as changed_us, ${microsSql('pass.after_at')} as pass_after_us,
    ${microsSql('pass.changed_at')} as pass_before_us,
    n.failure, ${microsSql('n.again_ended_at')} as sampled_us
  from readers r
  join consumer_group g on g.id = r.group_id
  left join committed_offset o on o.group_id = r.group_id and o.incarnation_id = $1 and o.partition = $2
  left join newest n on true
  left join lateral (
    select c.after_at, c.changed_at from committed_change c
    where c.incarnation_id = $1 and c.partition = $2 and c.group_id = r.group_id
      and c.committed > $3 and (c.was is null or c.was <= $3)
    order by c.stored_day, c.committed limit 1
  ) pass on true
  order by g.own, g.label, g.id`;
