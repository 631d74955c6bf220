import type { CommittedChange, MarkChange, WatchRound } from '../../ports/watch-store.ts';
import type { Queryable } from '../transaction.ts';
import type { NewestRound } from './write-round.ts';
import { toSeconds } from './write-round.ts';

/** A changed offset with the small id of its group. */
export type StoredChange = CommittedChange & { readonly groupId: number };

/** Rows of one statement; a first look at a large cluster has many. */
const ROWS_AT_ONCE = 20_000;

/** Writes changed offsets: the current ones, and the history where the value is another one. */
export async function writeCommitted(
  client: Queryable,
  { id, day }: NewestRound,
  { beganAt, endedAt }: WatchRound,
  changes: readonly StoredChange[],
): Promise<void> {
  for (const rows of chunks(changes)) {
    await client.query(COMMITTED, [
      ...[day, id, toSeconds(beganAt), toSeconds(endedAt)],
      rows.map((row) => row.groupId),
      rows.map((row) => row.incarnationId),
      rows.map((row) => row.partition),
      rows.map((row) => textOf(row.was)),
      rows.map((row) => textOf(row.offset)),
      rows.map((row) => textOf(row.foreign)),
      rows.map((row) => (row.afterAt === null ? null : toSeconds(row.afterAt))),
    ]);
  }
}

/** Writes watermarks that moved, and those of them that go into the history. */
export async function writeMarks(client: Queryable, day: string, { marks, markHistory }: WatchRound): Promise<void> {
  for (const rows of chunks(marks)) await client.query(MARKS, markColumns(rows));
  for (const rows of chunks(markHistory)) await client.query(MARK_HISTORY, [...markColumns(rows), day]);
}

function markColumns(rows: readonly MarkChange[]): unknown[] {
  return [
    rows.map((row) => row.incarnationId),
    rows.map((row) => row.partition),
    rows.map((row) => row.low.toString()),
    rows.map((row) => row.high.toString()),
    rows.map((row) => toSeconds(row.at)),
    rows.map((row) => textOf(row.wasHigh)),
    rows.map((row) => (row.wasAt === null ? null : toSeconds(row.wasAt))),
  ];
}

function textOf(offset: bigint | null): string | null {
  return offset?.toString() ?? null;
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}

const COMMITTED = `
  with changed as (
    select *, to_timestamp(after_s) as after_at
    from unnest($5::int[], $6::int[], $7::int[], $8::bigint[], $9::bigint[], $10::bigint[], $11::float8[])
      as c(group_id, incarnation_id, partition, was, committed, foreign_offset, after_s)
  ), history as (
    insert into committed_change (stored_day, group_id, incarnation_id, partition, was, committed, round_id, changed_at,
      after_at)
    select $1::date, group_id, incarnation_id, partition, was, committed, $2::bigint, to_timestamp($4), after_at
    from changed where was is distinct from committed
  )
  insert into committed_offset as o (group_id, incarnation_id, partition, committed, foreign_offset, seen_at, changed_at,
    after_at)
  select group_id, incarnation_id, partition, committed, foreign_offset, to_timestamp($3), to_timestamp($4), after_at
  from changed
  on conflict (group_id, incarnation_id, partition) do update set committed = excluded.committed,
    foreign_offset = excluded.foreign_offset, seen_at = excluded.seen_at, changed_at = excluded.changed_at,
    after_at = excluded.after_at`;

const MARK_ROWS = `
  select incarnation_id, partition, low, high, to_timestamp(at), was_high, to_timestamp(was_at)
  from unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::float8[], $6::bigint[], $7::float8[])
    as m(incarnation_id, partition, low, high, at, was_high, was_at)`;

const MARKS = `
  insert into watermark (incarnation_id, partition, low, high, moved_at, was_high, was_at) ${MARK_ROWS}
  on conflict (incarnation_id, partition) do update set low = excluded.low, high = excluded.high,
    moved_at = excluded.moved_at, was_high = excluded.was_high, was_at = excluded.was_at`;

const MARK_HISTORY = `
  insert into watermark_change (incarnation_id, partition, low, high, moved_at, was_high, was_at, stored_day)
  select m.*, $8::date from (${MARK_ROWS}) m`;
