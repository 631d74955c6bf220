import type { PoolClient } from 'pg';
import type { AuditDifference } from '../../model/audit-wire.ts';
import { bodyHash } from '../../model/body-hash.ts';
import type { CheckedSegments } from '../../ports/audit-store.ts';
import { decodeSegment } from '../segment.ts';

interface SegmentRow {
  topic: string;
  n: number;
  partition: number;
  base_offset: string;
  record_count: number;
  stored_day: string;
  incarnation_id: number;
  trace_keys: string[];
  checksum: string;
  bytes: Buffer;
}

/** Segments larger than this are left to those who open them: the audit must not fill the memory. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Chooses partitions and offsets by lot, opens the segments there, and compares each record with its event row: there is
 * one, and its body hash is that of the value. Bodies that are masked before they are hashed are hashed as they are stored.
 */
export async function checkSegments(client: PoolClient, workspaceId: number, count: number): Promise<CheckedSegments> {
  const { rows } = await client.query<SegmentRow>(CHOOSE, [workspaceId, count, MOST_BYTES]);
  const differences: AuditDifference[] = [];
  let records = 0;
  for (const row of rows) {
    const at = `${row.topic}~${row.n}/${row.partition}/${row.base_offset}`;
    const segment = decodeSegment(BigInt(row.base_offset), Number(row.checksum), row.bytes);
    if (segment.kind === 'corrupt') {
      differences.push({ at, what: `The segment cannot be read: its ${segment.reason} is wrong.` });
      continue;
    }
    records += segment.records.length;
    if (segment.records.length !== row.record_count) {
      differences.push({
        at,
        what: `The segment holds ${segment.records.length} records, its row says ${row.record_count}.`,
      });
    }
    const hashes = await readHashes(client, row);
    for (const record of segment.records) {
      const hash = hashes.get(record.offset.toString());
      const place = `${row.topic}~${row.n}/${row.partition}/${record.offset}`;
      if (hash === undefined) differences.push({ at: place, what: 'The record has bytes and no event row.' });
      else if (hash !== bodyHash(record.value).toString()) {
        differences.push({ at: place, what: 'The body hash of the event is not that of the bytes.' });
      }
    }
  }
  return { segments: rows.length, records, differences };
}

async function readHashes(client: PoolClient, row: SegmentRow): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ offset: string; body_hash: string }>(
    `select "offset", body_hash from event
     where trace_key = any($1::uuid[]) and stored_day = $2::date and incarnation_id = $3 and partition = $4
       and "offset" >= $5::bigint`,
    [row.trace_keys, row.stored_day, row.incarnation_id, row.partition, row.base_offset],
  );
  return new Map(rows.map(({ offset, body_hash }) => [offset, body_hash]));
}

const CHOOSE = `
  with places as (
    select p.incarnation_id, p.partition, i.topic, i.n,
      p.first_offset + floor(random() * (p.next_offset - p.first_offset))::bigint as at
    from partition_state p join incarnation i on i.id = p.incarnation_id
    where i.workspace_id = $1 and p.stored_count > 0 order by random() limit $2
  )
  select p.topic, p.n, p.partition, s.base_offset, s.record_count, s.stored_day::text, s.incarnation_id,
    s.trace_keys::text[], b.checksum, b.bytes
  from places p cross join lateral (
    select * from segment s
    where s.incarnation_id = p.incarnation_id and s.partition = p.partition and s.base_offset <= p.at
    order by s.base_offset desc limit 1
  ) s
  join segment_bytes b on b.stored_day = s.stored_day and b.incarnation_id = s.incarnation_id
    and b.partition = s.partition and b.base_offset = s.base_offset
  where octet_length(b.bytes) <= $3::int`;
