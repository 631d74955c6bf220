import type { PoolClient } from 'pg';
import type { RawRecord } from '../../model/record.ts';
import type { Damage } from '../damage.ts';
import { eachRawRecord } from '../read/raw-records.ts';
import { isStorageDamage } from '../sql-state.ts';
import type { Queryable } from '../transaction.ts';
import type { Place } from './place.ts';
import type { Stale } from './stale-days.ts';
import { EVENT_ROW, type StoredEvent, type StoredEventRow, toStoredEvent } from './stored-event.ts';

/** Some neighbouring segments of one partition and day, with the events in them and the bytes of those to read again. */
export interface Chunk {
  readonly day: string;
  readonly incarnationId: number;
  readonly partition: number;
  /** The last segment of the chunk. */
  readonly lastOffset: string;
  readonly segments: readonly ChunkSegment[];
  /** In offset order. */
  readonly events: readonly StoredEvent[];
  /** Raw parts of the events to read again, by offset. Those whose bytes are gone or damaged are not here. */
  readonly raws: ReadonlyMap<bigint, RawRecord>;
  readonly damages: readonly Damage[];
}

export interface ChunkSegment {
  readonly baseOffset: bigint;
  readonly traceKeys: readonly string[];
}

/** Segments of one chunk, and their bytes unpacked unless a single one is larger: what a step holds in memory. */
const SEGMENTS = 64;
const BYTES = 16 * 1024 * 1024;

interface SegmentRow {
  incarnation_id: number;
  partition: number;
  base_offset: string;
  trace_keys: string[];
}

/**
 * The next chunk of a day behind a place; null when the day has no more. Call it inside a transaction that reads, so
 * that segments, events and bytes are of one moment.
 */
export async function readChunk(client: PoolClient, place: Place, stale: Stale): Promise<Chunk | null> {
  const rows = await findSegments(client, place);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { incarnation_id: incarnationId, partition } = first;
  const events = await readEvents(client, place.day, rows, stale);
  const raws = new Map<bigint, RawRecord>();
  const damages: Damage[] = [];
  const refs = events
    .filter((event) => event.stale)
    .map(({ offset }) => ({ storedDay: place.day, incarnationId, partition, offset }));
  await eachRawRecord(client, refs, ({ offset }, answer) => {
    if (answer.kind === 'raw') raws.set(offset, answer.record);
    else if (answer.kind === 'damaged') damages.push(answer.damage);
  });
  const segments = rows.map((row) => ({ baseOffset: BigInt(row.base_offset), traceKeys: row.trace_keys }));
  return { day: place.day, incarnationId, partition, lastOffset: last.base_offset, segments, events, raws, damages };
}

/** A block that PostgreSQL cannot read must not end the job: the segments are then taken one by one, unmeasured. */
async function findSegments(client: PoolClient, place: Place): Promise<SegmentRow[]> {
  const at = [place.day, place.incarnationId, place.partition, place.offset];
  await client.query('savepoint segments');
  try {
    return (await client.query<SegmentRow>(SEGMENTS_SQL, at)).rows;
  } catch (error) {
    if (!isStorageDamage(error)) throw error;
    await client.query('rollback to savepoint segments');
  }
  return (await client.query<SegmentRow>(ONE_SEGMENT_SQL, at)).rows;
}

const BEHIND = `
  g.stored_day = $1::date and (g.incarnation_id, g.partition, g.base_offset) > ($2::int, $3::int, $4::bigint)
  order by g.incarnation_id, g.partition, g.base_offset`;

const ONE_SEGMENT_SQL = `
  select incarnation_id, partition, base_offset, trace_keys::text[] from segment g where ${BEHIND} limit 1`;

// What a segment takes unpacked stands in its first bytes (store/segment.ts); of the older form it is estimated.
const SEGMENTS_SQL = `
  select incarnation_id, partition, base_offset, trace_keys::text[] from (
    select s.*, row_number() over w as place, sum(s.size) over w as size_so_far,
      first_value(incarnation_id) over w as first_incarnation, first_value(partition) over w as first_partition
    from (
      select g.*, case when b.bytes is null then 0
        when substring(b.bytes from 1 for 1) = '\\xff'::bytea
          then ('x' || encode(substring(b.bytes from 2 for 4), 'hex'))::bit(32)::bigint
        else octet_length(b.bytes) * 8 end as size
      from segment g left join segment_bytes b using (stored_day, incarnation_id, partition, base_offset)
      where ${BEHIND} limit ${SEGMENTS}
    ) s window w as (order by s.incarnation_id, s.partition, s.base_offset)
  ) c
  where place = 1
    or (size_so_far <= ${BYTES} and incarnation_id = first_incarnation and partition = first_partition)
  order by place`;

/** Events have no index on coordinates: they are found by the keys of their segments, up to where the next one begins. */
async function readEvents(
  client: Queryable,
  day: string,
  segments: readonly SegmentRow[],
  stale: Stale,
): Promise<StoredEvent[]> {
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { rows } = await client.query<StoredEventRow>(EVENTS_SQL, [
    day,
    first.incarnation_id,
    first.partition,
    [...new Set(segments.flatMap((segment) => segment.trace_keys))],
    first.base_offset,
    last.base_offset,
  ]);
  return rows.map((row) => toStoredEvent(row, stale));
}

const EVENTS_SQL = `
  select ${EVENT_ROW} from event e join resolution r on r.id = e.resolution_id
  where stored_day = $1::date and incarnation_id = $2 and partition = $3 and trace_key = any($4::uuid[])
    and "offset" >= $5::bigint and "offset" < coalesce((
      select min(base_offset) from segment
      where stored_day = $1::date and incarnation_id = $2 and partition = $3 and base_offset > $6::bigint
    ), 9223372036854775807)
  order by "offset"`;
