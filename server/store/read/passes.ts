import type { RecordRef } from '../../model/record.ts';
import type { Micros } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/** What the committed offsets of a group say of one record. */
export type Pass =
  | {
      readonly state: 'consumed';
      /** The last instant at which the group was seen before the record; null: nobody looked before. */
      readonly after: Micros | null;
      readonly before: Micros;
      readonly setBack: boolean;
    }
  | { readonly state: 'not_yet'; readonly behind: bigint; readonly asOf: Micros }
  | { readonly state: 'unknown'; readonly because: 'never_committed' | 'commits_unread'; readonly why: string };

export interface GroupPass {
  readonly group: string;
  readonly own: boolean;
  readonly pass: Pass;
}

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
  readonly true_us: string | null;
}

/** Groups that are told for one record, those that are there first; more is no help to a reader. */
const GROUPS = 200;

/**
 * For every group that ever committed on the topic in this life, or for those of the ids alone: whether it has passed the
 * record.
 */
export async function readPasses(
  client: Queryable,
  ref: RecordRef,
  groupIds: readonly number[] | null,
): Promise<readonly GroupPass[]> {
  const { incarnationId, partition, offset } = ref;
  const { rows } = await client.query<Row>(SELECT, [incarnationId, partition, offset.toString(), GROUPS, groupIds]);
  return rows.flatMap((row) => {
    const pass = toPass(row, offset);
    return pass === null ? [] : [{ group: row.label, own: row.own, pass }];
  });
}

function toPass(row: Row, offset: bigint): Pass | null {
  const committed = row.committed === null ? null : BigInt(row.committed);
  if (row.pass_before_us !== null) {
    const after = row.pass_after_us === null ? null : microsFromSql(row.pass_after_us);
    const setBack = committed !== null && committed <= offset;
    return { state: 'consumed', after, before: microsFromSql(row.pass_before_us), setBack };
  }
  // The history may have been dropped: then all that is known is that it was before the last change.
  if (committed !== null && committed > offset && row.changed_us !== null) {
    return { state: 'consumed', after: null, before: microsFromSql(row.changed_us), setBack: false };
  }
  // It never had anything to do with the partition that anybody knows of.
  if (row.gone && committed === null) return null;
  if (row.foreign_offset !== null) return unread('What it committed belongs to a former life of the topic.');
  if (committed === null || row.true_us === null) {
    return { state: 'unknown', because: 'never_committed', why: 'It has committed nothing on this partition.' };
  }
  if (row.failure !== null) return unread(row.failure);
  if (row.trouble !== null) return unread(row.trouble);
  return { state: 'not_yet', behind: offset - committed + 1n, asOf: microsFromSql(row.true_us) };
}

function unread(why: string): Pass {
  return { state: 'unknown', because: 'commits_unread', why };
}

// What a group has committed was last true in the newest round that read it and the whole topic, which is looked for in the
// newest two days alone; else when it was first seen.
const TRUE_AT = 'greatest(o.changed_at, case when not l.failed_groups @> array[r.group_id] then l.again_ended_at end)';

// A pass is a change from an offset not behind the record to one behind it.
const passesSql = (columns: string) => `
  select ${columns} from committed_change
  where incarnation_id = $1 and partition = $2 and group_id = r.group_id and committed > $3 and (was is null or was <= $3)`;

// The index has the changes of a group on a partition by day and offset: the first row found is of the day of the first pass.
// Of a group that was set back on that day another one may come before it, so of that day all behind the record are read.
const FIRST_PASS = `
  ${passesSql('after_at, changed_at')}
    and stored_day = (${passesSql('stored_day')} order by stored_day, committed limit 1)
  order by changed_at limit 1`;

const SELECT = `
  with readers as (
    select g.id as group_id from consumer_group g
    where exists (select from committed_offset o where o.group_id = g.id and o.incarnation_id = $1)
      and ($5::int[] is null or g.id = any($5::int[]))
    order by g.gone_at desc nulls first, g.label limit $4
  ), newest as (
    select * from watch_round where cluster_id = (select cluster_id from incarnation where id = $1)
    order by id desc limit 1
  ), looked as (
    select again_ended_at, failed_groups from watch_round
    where cluster_id = (select cluster_id from newest) and stored_day >= (select stored_day - 1 from newest)
      and failure is null and not failed_topics @> array[$1::int]
    order by id desc limit 1
  )
  select g.label, g.own, g.gone_at is not null as gone, g.trouble, o.committed, o.foreign_offset,
    ${microsSql('o.changed_at')} as changed_us, ${microsSql('pass.after_at')} as pass_after_us,
    ${microsSql('pass.changed_at')} as pass_before_us,
    n.failure, ${microsSql(TRUE_AT)} as true_us
  from readers r
  join consumer_group g on g.id = r.group_id
  left join committed_offset o on o.group_id = r.group_id and o.incarnation_id = $1 and o.partition = $2
  left join newest n on true
  left join looked l on true
  left join lateral (${FIRST_PASS}
  ) pass on true
  order by g.own, g.label, g.id`;
