import type { Client } from 'pg';
import { ID_KINDS } from '../../../server/model/trace-key.ts';
import { ROW_BITS } from '../../../server/store/codes.ts';
import { digestOf } from '../../support/record-identity.ts';
import { storedSegments } from '../../support/stored-segments.ts';
import { type HoleFact, type Place, partitionName, type Stored, type StoredTrace } from './written.ts';

/** Reads everything that is stored. Not one snapshot: nothing may be written meanwhile. */
export async function readStored(client: Client): Promise<Stored> {
  const topics = (await client.query<{ topic: string }>('select distinct topic from incarnation')).rows;
  const segments = await storedSegments(
    client,
    topics.map(({ topic }) => topic),
  );
  const { rows: events } = await client.query<PlaceRow>(EVENTS);
  const { rows: holes } = await client.query<PlaceRow & { from: string; to: string; reason: string }>(HOLES);
  const { rows: counts } = await client.query<{ topic_id: string; records: string }>(COUNTS);
  const { rows: totals } = await client.query<PlaceRow>(TOTALS);
  const { rows: traces } = await client.query<StoredTrace>(TRACES);
  return {
    records: segments.map(({ topicId, partition, offset, ...bytes }) => ({
      topicId: topicId ?? '',
      partition,
      offset,
      digest: digestOf(bytes),
    })),
    events: events.map(toPlace),
    holes: holes.map(
      (row): HoleFact => ({
        topicId: row.topic_id,
        partition: row.partition,
        from: BigInt(row.from),
        to: BigInt(row.to),
        reason: row.reason,
      }),
    ),
    positions: await readPositions(client),
    totals: new Map(totals.map((row) => [partitionName(toPlace(row)), Number(row.offset)])),
    counts: new Map(counts.map((row) => [row.topic_id, Number(row.records)])),
    traces,
  };
}

interface PlaceRow {
  topic_id: string;
  partition: number;
  offset: string;
}

function toPlace(row: PlaceRow): Place {
  return { topicId: row.topic_id, partition: row.partition, offset: BigInt(row.offset) };
}

/** The stored position of each partition, by `partitionName`. */
export async function readPositions(client: Client): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await client.query<PlaceRow>(`
    select i.topic_id::text, p.partition, p.next_offset as "offset"
    from partition_state p join incarnation i on i.id = p.incarnation_id`);
  return new Map(rows.map((row) => [partitionName(toPlace(row)), BigInt(row.offset)]));
}

const EVENTS = `
  select i.topic_id::text, e.partition, e."offset" from event e join incarnation i on i.id = e.incarnation_id`;

const HOLES = `
  select i.topic_id::text, h.partition, h.from_offset as "from", h.to_offset as "to", h.reason
  from hole h join incarnation i on i.id = h.incarnation_id`;

const COUNTS = `
  select i.topic_id::text, sum(c.records)::text as records
  from ingest_count c join incarnation i on i.id = c.incarnation_id group by 1`;

const TOTALS = `
  select i.topic_id::text, p.partition, p.stored_count as "offset"
  from partition_state p join incarnation i on i.id = p.incarnation_id`;

// A copy has the event id, the topic (in any of its lives) and the body of another; without an id none is a copy. An
// event that belongs to no trace has the id kind `record` (model/trace-key.ts) and makes no trace row.
const TRACES = `
  with counted as (
    select e.trace_key, count(*)::int as rows,
      (count(distinct (e.event_key, i.topic, e.body_hash)) filter (where e.event_key is not null)
        + count(*) filter (where e.event_key is null))::int as "distinct"
    from event e join incarnation i on i.id = e.incarnation_id
    where e.flags / ${ROW_BITS.idKind} <> ${ID_KINDS.record} group by 1
  )
  select coalesce(c.trace_key, t.trace_key)::text as "traceKey", coalesce(c.rows, 0) as rows,
    coalesce(c."distinct", 0) as "distinct", t.event_count as "eventCount", t.duplicate_count as "duplicateCount"
  from counted c full join trace t using (trace_key)`;
