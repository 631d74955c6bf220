import type { PoolClient } from 'pg';
import type { Micros } from '../../model/time.ts';
import { groupFamilyKey, MORE_PATHS } from '../../model/violation-group.ts';
import { dayOf, microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import type { BatchRows, RowContext } from './encode-rows.ts';

interface ViolationCount {
  readonly day: string;
  readonly minute: Micros;
  readonly groupKey: string;
  records: number;
}

interface Group {
  readonly key: string;
  readonly typeId: number;
  readonly serviceId: number;
  readonly path: string;
  readonly rule: string;
  /** Null for the group of the rest. */
  readonly family: string | null;
  day: string;
}

/**
 * Adds batches to the counts of the violation log, and makes the groups that are new. Costs nothing where nothing is
 * wrong. A group that was seen today is not written again, so that writers do not wait for each other over it.
 */
export async function countViolations(
  client: PoolClient,
  writerId: string,
  batches: readonly BatchRows[],
  context: RowContext,
): Promise<void> {
  const { counts, groups } = sumUp(batches, context);
  if (counts.length === 0) return;
  await client.query({
    name: 'count-violations',
    text: UPSERT,
    values: [
      writerId,
      context.workspaceId,
      groups.map(({ key }) => key),
      groups.map(({ typeId }) => typeId),
      groups.map(({ serviceId }) => serviceId),
      groups.map(({ path }) => path),
      groups.map(({ rule }) => rule),
      groups.map(({ day }) => day),
      counts.map(({ day }) => day),
      counts.map(({ minute }) => microsToSql(minute)),
      counts.map(({ groupKey }) => groupKey),
      counts.map(({ records }) => records),
      groups.map(({ family }) => family),
    ],
  });
}

/** In one order for all writers, so that two of them cannot deadlock. */
function sumUp(batches: readonly BatchRows[], { idOf, violationsOf }: RowContext) {
  const counts = new Map<string, ViolationCount>();
  const groups = new Map<string, Group>();
  for (const { events, storedAt } of batches) {
    const day = dayOf(storedAt);
    for (const event of events) {
      if (event.check.errors.length === 0) continue;
      const minute = minuteOf(event.occurredAt);
      for (const { group: found, counts: countsOnce } of violationsOf(event)) {
        const groupKey = found.key;
        if (!countsOnce) continue;
        const key = `${day} ${minute} ${groupKey}`;
        const count = counts.get(key);
        if (count === undefined) counts.set(key, { day, minute, groupKey, records: 1 });
        else count.records += 1;
        const group = groups.get(groupKey);
        if (group !== undefined && group.day < day) group.day = day;
        if (group !== undefined) continue;
        const typeId = idOf('event type', event.eventType);
        const serviceId = event.service === null ? 0 : idOf('service', event.service);
        const { path, rule } = found;
        const family = path === MORE_PATHS.path ? null : groupFamilyKey(found.names);
        groups.set(groupKey, { key: groupKey, typeId, serviceId, path, rule, family, day });
      }
    }
  }
  return {
    counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
    groups: [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

const UPSERT = `
  with groups as (
    insert into violation_group (key, workspace_id, type_id, service_id, path, rule, used_day, family)
    select key, $2::smallint, type_id, service_id, path, rule, used_day, family
    from unnest($3::uuid[], $4::int[], $5::int[], $6::text[], $7::text[], $8::date[], $13::uuid[])
      as g(key, type_id, service_id, path, rule, used_day, family)
    where not exists (select from violation_group v where v.key = g.key and v.used_day >= g.used_day)
    order by key
    on conflict (key) do update set used_day = greatest(violation_group.used_day, excluded.used_day)
  )
  insert into violation_count (stored_day, occurred_minute, group_key, writer, records)
  select stored_day, ${timeSql('minute')}, group_key, $1::uuid, records
  from unnest($9::date[], $10::bigint[], $11::uuid[], $12::bigint[]) as c(stored_day, minute, group_key, records)
  on conflict (stored_day, occurred_minute, group_key, writer)
  do update set records = violation_count.records + excluded.records`;
