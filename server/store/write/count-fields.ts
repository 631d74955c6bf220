import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import { type Micros, micros } from '../../model/time.ts';
import { clampMicros, microsToSql, timeSql } from '../sql-time.ts';
import type { BatchRows, RowContext } from './encode-rows.ts';

interface FieldCount {
  readonly hour: Micros;
  readonly typeId: number;
  readonly serviceId: number;
  readonly path: string;
  readonly typeSet: number;
  firstAt: Micros;
  events: number;
  cutEvents: number;
  lastAt: Micros;
  last: PreparedEvent;
}

const HOUR_US = 3_600_000_000;

/** Adds what the events of the sample carry to the counts of fields. Costs nothing where none of them is in it. */
export async function countFields(
  client: PoolClient,
  writerId: string,
  batches: readonly BatchRows[],
  context: RowContext,
): Promise<void> {
  const counts = sumUp(batches, context);
  if (counts.length === 0) return;
  await client.query({
    name: 'count-fields',
    text: UPSERT,
    values: [
      writerId,
      counts.map(({ hour }) => microsToSql(hour)),
      counts.map(({ typeId }) => typeId),
      counts.map(({ serviceId }) => serviceId),
      counts.map(({ path }) => path),
      counts.map(({ typeSet }) => typeSet),
      counts.map(({ events }) => events),
      counts.map(({ cutEvents }) => cutEvents),
      counts.map(({ firstAt }) => microsToSql(firstAt)),
      counts.map(({ lastAt }) => microsToSql(lastAt)),
      counts.map(({ last }) => last.incarnationId),
      counts.map(({ last }) => last.partition),
      counts.map(({ last }) => last.offset.toString()),
    ],
  });
}

/** In one order for all transactions of a writer, so that two of them cannot deadlock. */
function sumUp(batches: readonly BatchRows[], { idOf }: RowContext): FieldCount[] {
  const counts = new Map<string, FieldCount>();
  for (const { events, storedAt } of batches) {
    const at = clampMicros(storedAt);
    const hour = micros(Math.floor(at / HOUR_US) * HOUR_US);
    for (const event of events) {
      if (event.fields === null) continue;
      const typeId = idOf('event type', event.eventType);
      const serviceId = event.service === null ? 0 : idOf('service', event.service);
      for (const [path, typeSet] of event.fields.types) {
        const key = `${hour} ${typeId} ${serviceId} ${typeSet} ${path}`;
        const cutEvents = event.fields.cut && path === '' ? 1 : 0;
        const count = counts.get(key);
        if (count === undefined) {
          const made = { hour, typeId, serviceId, path, typeSet, firstAt: at, lastAt: at, events: 1, cutEvents };
          counts.set(key, { ...made, last: event });
        } else {
          count.events += 1;
          count.cutEvents += cutEvents;
          if (at < count.firstAt) count.firstAt = at;
          if (at >= count.lastAt) Object.assign(count, { lastAt: at, last: event });
        }
      }
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

const UPSERT = `
  insert into field_count (stored_hour, type_id, service_id, path, type_set, writer, events, cut_events, first_at, last_at,
    incarnation_id, partition, "offset")
  select ${timeSql('hour')}, type_id, service_id, path, type_set, $1::uuid, events, cut_events, ${timeSql('first_us')},
    ${timeSql('last_us')}, incarnation_id, partition, "offset"
  from unnest($2::bigint[], $3::int[], $4::int[], $5::text[], $6::smallint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::int[], $12::int[], $13::bigint[])
    as f(hour, type_id, service_id, path, type_set, events, cut_events, first_us, last_us, incarnation_id, partition, "offset")
  on conflict (stored_hour, type_id, service_id, path, type_set, writer) do update set
    events = field_count.events + excluded.events, cut_events = field_count.cut_events + excluded.cut_events,
    first_at = least(field_count.first_at, excluded.first_at),
    incarnation_id = case when excluded.last_at >= field_count.last_at then excluded.incarnation_id
      else field_count.incarnation_id end,
    partition = case when excluded.last_at >= field_count.last_at then excluded.partition else field_count.partition end,
    "offset" = case when excluded.last_at >= field_count.last_at then excluded."offset" else field_count."offset" end,
    last_at = greatest(field_count.last_at, excluded.last_at)`;
