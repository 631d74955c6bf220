import type { PoolClient } from 'pg';
import { recordDamage } from '../damage.ts';
import { joinSegments, type StoredSegment } from './join-segments.ts';

/** Segments of one transaction, and their deflated bytes unless a single one is larger. */
const SEGMENTS = 512;
const BYTES = 8 * 1024 * 1024;

interface SourceRow {
  incarnation_id: number;
  partition: number;
  base_offset: string;
  record_count: number;
  trace_keys: string[];
  checksum: string | null;
  bytes: Buffer | null;
}

/** Copies the next segments of a day, joined, into the tables that will take its place; with none left, it is built. */
export async function copyChunk(client: PoolClient, day: string): Promise<void> {
  const { rows } = await client.query<SourceRow>(CHUNK, [day]);
  const last = rows.at(-1);
  if (last === undefined) {
    await client.query(`update segment_merge set state = 'built', built_at = now() where day = $1::date`, [day]);
    return;
  }
  const { segments, damaged } = await joinSegments(rows.map(toSegment));
  for (const segment of segments) await insert(client, day, segment);
  await recordDamage(
    client,
    damaged.map(({ segment, why }) => ({ ...segment, baseOffset: `${segment.baseOffset}`, storedDay: day, why })),
  );
  await client.query(
    `update segment_merge set place_incarnation = $2, place_partition = $3, place_offset = $4,
       segments_after = segments_after + $5 where day = $1::date`,
    [day, last.incarnation_id, last.partition, last.base_offset, segments.length],
  );
}

function toSegment(row: SourceRow): StoredSegment {
  return {
    incarnationId: row.incarnation_id,
    partition: row.partition,
    baseOffset: BigInt(row.base_offset),
    recordCount: row.record_count,
    traceKeys: row.trace_keys,
    stored: row.bytes === null ? null : { checksum: Number(row.checksum), bytes: row.bytes },
  };
}

async function insert(client: PoolClient, day: string, segment: StoredSegment): Promise<void> {
  const place = [day, segment.incarnationId, segment.partition, segment.baseOffset.toString()];
  await client.query('insert into segment_merged values ($1, $2, $3, $4, $5, $6)', [
    ...place,
    segment.recordCount,
    segment.traceKeys,
  ]);
  if (segment.stored === null) return;
  await client.query('insert into segment_bytes_merged values ($1, $2, $3, $4, $5, $6)', [
    ...place,
    segment.stored.checksum,
    segment.stored.bytes,
  ]);
}

const CHUNK = `
  select incarnation_id, partition, base_offset::text, record_count, trace_keys::text[], checksum::text, bytes from (
    select s.*, b.checksum, b.bytes, row_number() over w as place, sum(coalesce(octet_length(b.bytes), 0)) over w as size
    from (
      select g.* from segment g join segment_merge m on m.day = g.stored_day
      where g.stored_day = $1::date and (g.incarnation_id, g.partition, g.base_offset) >
        (m.place_incarnation, m.place_partition, m.place_offset)
      order by g.incarnation_id, g.partition, g.base_offset limit ${SEGMENTS}
    ) s
    left join segment_bytes b using (stored_day, incarnation_id, partition, base_offset)
    window w as (order by s.incarnation_id, s.partition, s.base_offset)
  ) c where place = 1 or size <= ${BYTES}
  order by place`;
