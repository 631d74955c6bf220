import type { PoolClient } from 'pg';
import type { Micros } from '../../model/time.ts';
import { dayOf, microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import type { LetterGroup } from './dead-letter-groups.ts';
import type { BatchRows, RowContext } from './encode-rows.ts';

interface LetterCount {
  readonly day: string;
  readonly minute: Micros;
  readonly groupKey: string;
  records: number;
}

interface CountedGroup extends LetterGroup {
  readonly incarnationId: number;
  readonly typeId: number;
  readonly serviceId: number;
  day: string;
}

/**
 * Adds batches to the counts of dead letters, and makes the groups that are new. Costs nothing where nothing failed. A group
 * that was seen today is not written again, so that writers do not wait for each other over it.
 */
export async function countDeadLetters(
  client: PoolClient,
  writerId: string,
  batches: readonly BatchRows[],
  context: RowContext,
): Promise<void> {
  const { counts, groups } = sumUp(batches, context);
  if (counts.length === 0) return;
  await client.query({
    name: 'count-dead-letters',
    text: UPSERT,
    values: [
      writerId,
      context.workspaceId,
      groups.map(({ key }) => key),
      groups.map(({ incarnationId }) => incarnationId),
      groups.map(({ reasonKey }) => reasonKey),
      groups.map(({ fingerprint }) => fingerprint),
      groups.map(({ errorClass }) => errorClass),
      groups.map(({ originalTopic }) => originalTopic),
      groups.map(({ typeId }) => typeId),
      groups.map(({ serviceId }) => serviceId),
      groups.map(({ day }) => day),
      counts.map(({ day }) => day),
      counts.map(({ minute }) => microsToSql(minute)),
      counts.map(({ groupKey }) => groupKey),
      counts.map(({ records }) => records),
    ],
  });
}

/** In one order for all writers, so that two of them cannot deadlock. */
function sumUp(batches: readonly BatchRows[], { idOf, letterGroupOf }: RowContext) {
  const counts = new Map<string, LetterCount>();
  const groups = new Map<string, CountedGroup>();
  for (const { events, storedAt } of batches) {
    const day = dayOf(storedAt);
    for (const event of events) {
      const group = letterGroupOf(event);
      if (group === null) continue;
      const minute = minuteOf(event.recordedAt);
      const key = `${day} ${minute} ${group.key}`;
      const count = counts.get(key);
      if (count === undefined) counts.set(key, { day, minute, groupKey: group.key, records: 1 });
      else count.records += 1;
      const known = groups.get(group.key);
      if (known !== undefined && known.day < day) known.day = day;
      if (known !== undefined) continue;
      const typeId = idOf('event type', event.eventType);
      const serviceId = event.service === null ? 0 : idOf('service', event.service);
      groups.set(group.key, { ...group, incarnationId: event.incarnationId, typeId, serviceId, day });
    }
  }
  return {
    counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
    groups: [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

const UPSERT = `
  with groups as (
    insert into dead_letter_group (key, workspace_id, incarnation_id, reason_key, fingerprint, error_class, original_topic,
      type_id, service_id, used_day)
    select key, $2::smallint, incarnation_id, reason_key, fingerprint, error_class, original_topic, type_id, service_id,
      used_day
    from unnest($3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::date[])
      as g(key, incarnation_id, reason_key, fingerprint, error_class, original_topic, type_id, service_id, used_day)
    where not exists (select from dead_letter_group d where d.key = g.key and d.used_day >= g.used_day)
    order by key
    on conflict (key) do update set used_day = greatest(dead_letter_group.used_day, excluded.used_day)
  )
  insert into dead_letter_count (stored_day, minute, group_key, writer, records)
  select stored_day, ${timeSql('minute')}, group_key, $1::uuid, records
  from unnest($12::date[], $13::bigint[], $14::uuid[], $15::bigint[]) as c(stored_day, minute, group_key, records)
  on conflict (stored_day, minute, group_key, writer)
  do update set records = dead_letter_count.records + excluded.records`;
