import type { PoolClient } from 'pg';
import { REASONS } from '../../model/reason.ts';
import { SCHEMA_STATUSES } from '../../model/schema-check.ts';
import type { Micros } from '../../model/time.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import { addDialects, dialectColumns } from './count-dialects.ts';
import type { RowContext } from './encode-rows.ts';

interface Count {
  readonly storedMinute: Micros;
  readonly occurredMinute: Micros;
  readonly incarnationId: number;
  readonly typeId: number;
  readonly serviceId: number;
  readonly reason: number;
  readonly schemaStatus: number;
  records: number;
}

/** Adds batches to the counts of what was ingested, by both clocks, and to those of what each dialect read. */
export async function countEvents(
  client: PoolClient,
  writerId: string,
  batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[],
  context: RowContext,
): Promise<void> {
  const counts = sumUp(batches, context).sort(byKey);
  if (counts.length === 0) return;
  await client.query({
    name: 'count-events',
    text: UPSERT,
    values: [
      writerId,
      context.workspaceId,
      counts.map((count) => microsToSql(count.storedMinute)),
      counts.map((count) => count.incarnationId),
      counts.map((count) => microsToSql(count.occurredMinute)),
      counts.map((count) => count.typeId),
      counts.map((count) => count.serviceId),
      counts.map((count) => count.reason),
      counts.map((count) => count.records),
      ...dialectColumns(batches, context),
      counts.map((count) => count.schemaStatus),
    ],
  });
}

/** Rows come in one order from every transaction, so that two of them cannot deadlock. */
function byKey(a: Count, b: Count): number {
  return (
    a.storedMinute - b.storedMinute ||
    a.occurredMinute - b.occurredMinute ||
    a.incarnationId - b.incarnationId ||
    a.typeId - b.typeId ||
    a.serviceId - b.serviceId ||
    a.reason - b.reason ||
    a.schemaStatus - b.schemaStatus
  );
}

/** Counts by minute and type, then by the few services, reasons, outcomes and topics that go with both. */
function sumUp(batches: readonly Pick<PreparedBatch, 'events' | 'storedAt'>[], { idOf }: RowContext): Count[] {
  const all: Count[] = [];
  const byMinute = new Map<Micros, Map<number, Count[]>>();
  for (const { events, storedAt } of batches) {
    const storedMinute = minuteOf(storedAt);
    for (const event of events) {
      const occurredMinute = minuteOf(event.occurredAt);
      const typeId = idOf('event type', event.eventType);
      const few = listAt(mapAt(byMinute, occurredMinute), typeId);
      const { incarnationId } = event;
      const serviceId = event.service === null ? 0 : idOf('service', event.service);
      const reason = event.reason === null ? 0 : REASONS[event.reason];
      const schemaStatus = SCHEMA_STATUSES[event.check.status];
      const count = few.find(
        (each) =>
          each.serviceId === serviceId &&
          each.reason === reason &&
          each.schemaStatus === schemaStatus &&
          each.incarnationId === incarnationId &&
          each.storedMinute === storedMinute,
      );
      if (count !== undefined) {
        count.records += 1;
        continue;
      }
      const made = { storedMinute, occurredMinute, incarnationId, typeId, serviceId, reason, schemaStatus, records: 1 };
      few.push(made);
      all.push(made);
    }
  }
  return all;
}

function mapAt<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const found = maps.get(key) ?? new Map<L, V>();
  if (found.size === 0) maps.set(key, found);
  return found;
}

function listAt<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const found = lists.get(key) ?? [];
  if (found.length === 0) lists.set(key, found);
  return found;
}

const UPSERT = `
  with dialects as (${addDialects(10)})
  insert into ingest_count (writer, workspace_id, stored_minute, incarnation_id, occurred_minute, type_id, service_id,
    reason, schema_status, records)
  select $1::uuid, $2::smallint, ${timeSql('stored')}, incarnation_id, ${timeSql('occurred')}, type_id, service_id,
    reason, schema_status, records
  from unnest($3::bigint[], $4::int[], $5::bigint[], $6::int[], $7::int[], $8::smallint[], $9::bigint[], $15::smallint[])
    as c(stored, incarnation_id, occurred, type_id, service_id, reason, records, schema_status)
  on conflict (stored_minute, writer, occurred_minute, incarnation_id, type_id, service_id, reason, schema_status)
  do update set records = ingest_count.records + excluded.records`;
