import type { Micros } from '../../model/time.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import type { RowContext } from './encode-rows.ts';

interface DialectCount {
  readonly storedMinute: Micros;
  readonly dialectId: number;
  readonly resolverVersion: number;
  lastAt: Micros;
  records: number;
}

/** The columns of what batches add to the counts by dialect, for `addDialects`. */
export function dialectColumns(
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  { idOf }: RowContext,
): readonly unknown[] {
  const counts: DialectCount[] = [];
  for (const { events, storedAt } of batches) {
    const storedMinute = minuteOf(storedAt);
    for (const { resolution, resolverVersion } of events) {
      const dialectId = idOf('dialect', resolution.dialect);
      const count = counts.find(
        (each) =>
          each.dialectId === dialectId &&
          each.resolverVersion === resolverVersion &&
          each.storedMinute === storedMinute,
      );
      if (count === undefined) counts.push({ storedMinute, dialectId, resolverVersion, lastAt: storedAt, records: 1 });
      else {
        count.records += 1;
        if (storedAt > count.lastAt) count.lastAt = storedAt;
      }
    }
  }
  counts.sort(
    (a, b) => a.storedMinute - b.storedMinute || a.dialectId - b.dialectId || a.resolverVersion - b.resolverVersion,
  );
  return [
    counts.map((count) => microsToSql(count.storedMinute)),
    counts.map((count) => count.dialectId),
    counts.map((count) => count.resolverVersion),
    counts.map((count) => count.records),
    counts.map((count) => microsToSql(count.lastAt)),
  ];
}

/** Adds the columns of `dialectColumns`, which are the parameters from `first` on; `$1` is the writer. */
export function addDialects(first: number): string {
  const [minute, dialect, version, records, last] = [0, 1, 2, 3, 4].map((place) => `$${first + place}`);
  return `
    insert into dialect_count (stored_minute, writer, dialect_id, resolver_version, records, last_at)
    select ${timeSql('stored')}, $1::uuid, dialect_id, resolver_version, records, ${timeSql('last')}
    from unnest(${minute}::bigint[], ${dialect}::int[], ${version}::smallint[], ${records}::bigint[], ${last}::bigint[])
      as d(stored, dialect_id, resolver_version, records, last)
    on conflict (stored_minute, writer, dialect_id, resolver_version) do update set
      records = dialect_count.records + excluded.records, last_at = greatest(dialect_count.last_at, excluded.last_at)`;
}
