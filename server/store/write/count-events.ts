import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import { REASONS } from '../../model/reason.ts';
import { microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import type { RowContext } from './store-events.ts';

interface Count {
  readonly occurredMinute: string;
  readonly typeId: number;
  readonly serviceId: number;
  readonly reason: number;
  records: number;
}

/** Adds a batch to the counts of what was ingested, by both clocks. */
export async function countEvents(
  client: PoolClient,
  writerId: string,
  events: readonly PreparedEvent[],
  context: RowContext,
): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const counts = [...sumUp(events, context)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  await client.query(UPSERT, [
    writerId,
    microsToSql(minuteOf(context.storedAt)),
    first.incarnationId,
    context.workspaceId,
    counts.map((count) => count.occurredMinute),
    counts.map((count) => count.typeId),
    counts.map((count) => count.serviceId),
    counts.map((count) => count.reason),
    counts.map((count) => count.records),
  ]);
}

function sumUp(events: readonly PreparedEvent[], { idOf }: RowContext): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const event of events) {
    const occurredMinute = microsToSql(minuteOf(event.occurredAt));
    const typeId = idOf({ kind: 'event type', text: event.eventType });
    const serviceId = event.service === null ? 0 : idOf({ kind: 'service', text: event.service });
    const reason = event.reason === null ? 0 : REASONS[event.reason];
    const key = `${occurredMinute} ${typeId} ${serviceId} ${reason}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { occurredMinute, typeId, serviceId, reason, records: 1 });
    else count.records++;
  }
  return counts;
}

// Rows come in one order from every batch, so that two batches of one topic cannot deadlock.
const UPSERT = `
  insert into ingest_count (writer, stored_minute, incarnation_id, workspace_id, occurred_minute, type_id, service_id,
    reason, schema_status, records)
  select $1::uuid, ${timeSql('$2')}, $3, $4, ${timeSql('minute')}, type_id, service_id, reason, 0, records
  from unnest($5::bigint[], $6::int[], $7::int[], $8::smallint[], $9::bigint[])
    as c(minute, type_id, service_id, reason, records)
  on conflict (stored_minute, writer, occurred_minute, incarnation_id, type_id, service_id, reason, schema_status)
  do update set records = ingest_count.records + excluded.records`;
