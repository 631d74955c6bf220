import type { Pool } from 'pg';
import type { RawRecord } from '../../server/model/record.ts';
import { decodeSegment } from '../../server/store/segment.ts';
import type { Queryable } from '../../server/store/transaction.ts';

/** A record as its segment holds it, with the incarnation it was stored under. */
export interface StoredRecord extends RawRecord {
  readonly topic: string;
  readonly n: number;
  /** Kafka's id of the topic, null where the broker had none. */
  readonly topicId: string | null;
  readonly partition: number;
}

interface SegmentRow {
  topic: string;
  n: number;
  topic_id: string | null;
  partition: number;
  base_offset: string;
  checksum: string;
  bytes: Buffer;
}

/** Every record of the topics, from the raw bytes of the segments. Throws at one that is corrupt. */
export async function storedSegments(pool: Pool | Queryable, topics: readonly string[]): Promise<StoredRecord[]> {
  const { rows } = await pool.query<SegmentRow>(SEGMENTS, [topics]);
  return rows.flatMap(({ topic, n, topic_id: topicId, partition, base_offset: base, checksum, bytes }) => {
    const decoded = decodeSegment(BigInt(base), Number(checksum), bytes);
    if (decoded.kind === 'records')
      return decoded.records.map((record) => ({ ...record, topic, n, topicId, partition }));
    throw new Error(`the segment at ${topic}~${n}/${partition}/${base} is corrupt`);
  });
}

const SEGMENTS = `
  select i.topic, i.n, i.topic_id::text, b.partition, b.base_offset, b.checksum, b.bytes
  from segment_bytes b join incarnation i on i.id = b.incarnation_id
  where i.topic = any($1::text[])`;
