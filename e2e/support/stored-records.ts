import type { Pool } from 'pg';
import { decodeSegment } from '../../server/store/segment.ts';
import { compareRecords, identityOf } from './record-identity.ts';

interface SegmentRow {
  topic: string;
  n: number;
  partition: number;
  base_offset: string;
  checksum: string;
  bytes: Buffer;
}

/**
 * The identity of every stored record, from the raw bytes of the segments. Event rows and segments must name the same
 * records: a row without bytes, bytes without a row, or a row twice throws.
 */
export async function storedRecords(pool: Pool, topics: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<SegmentRow>(SEGMENTS, [topics]);
  const identities: string[] = [];
  const places: string[] = [];
  for (const row of rows) {
    const decoded = decodeSegment(BigInt(row.base_offset), Number(row.checksum), row.bytes);
    const place = `${row.topic}~${row.n}/${row.partition}`;
    if (decoded.kind !== 'records') throw new Error(`the segment at ${place}/${row.base_offset} is corrupt`);
    for (const record of decoded.records) {
      places.push(`${place}/${record.offset}`);
      identities.push(identityOf({ topic: row.topic, n: row.n, partition: row.partition, ...record }));
    }
  }
  const events = await pool.query<{ place: string }>(EVENTS, [topics]);
  const difference = compareRecords(
    places,
    events.rows.map((row) => row.place),
  );
  if (Object.values(difference).some((list) => list.length > 0)) {
    throw new Error(`event rows and segments differ: ${JSON.stringify(difference)}`);
  }
  return identities;
}

const SEGMENTS = `
  select i.topic, i.n, b.partition, b.base_offset, b.checksum, b.bytes
  from segment_bytes b join incarnation i on i.id = b.incarnation_id
  where i.topic = any($1::text[])`;

const EVENTS = `
  select i.topic || '~' || i.n || '/' || e.partition || '/' || e."offset" as place
  from event e join incarnation i on i.id = e.incarnation_id
  where i.topic = any($1::text[])`;
