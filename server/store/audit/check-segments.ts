import type { PoolClient } from 'pg';
import type { AuditDifference } from '../../model/audit-wire.ts';
import { bodyHash } from '../../model/body-hash.ts';
import type { CheckedSegments } from '../../ports/audit-store.ts';
import { EXPIRED_DAYS } from '../expired-days.ts';
import { decodeSegment } from '../segment.ts';
import { eventLots } from './event-lots.ts';

interface SegmentRow {
  topic: string;
  n: number;
  partition: number;
  incarnation_id: number;
  /** The record whose event the lot fell on; null where it fell on a place of the log. */
  wanted: string | null;
  stored_day: string;
  /** Null when no segment begins at or before the record. */
  base_offset: string | null;
  record_count: number | null;
  trace_keys: string[] | null;
  checksum: string | null;
  /** Null when they are gone. */
  bytes: Buffer | null;
}

/** Segments larger than this are left to those who open them: the audit must not fill the memory. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Opens segments chosen by lot, and compares each record with its event row: there is one, and its body hash is that of the
 * value. Bodies that are masked before they are hashed are hashed as they are stored. Half of the lots fall on places of
 * the log, and so on bytes without an event; the others on events, and so on bytes, or whole segments, that are lost.
 */
export async function checkSegments(client: PoolClient, workspaceId: number, count: number): Promise<CheckedSegments> {
  const byEvent = Math.floor(count / 2);
  const lots = [
    await client.query<SegmentRow>(BY_PLACE, [workspaceId, MOST_BYTES, count - byEvent]),
    await client.query<SegmentRow>(BY_EVENT, [workspaceId, MOST_BYTES, byEvent]),
  ];
  const rows = lots.flatMap((lot) => lot.rows);
  const differences: AuditDifference[] = [];
  let records = 0;
  for (const row of rows) {
    const checked = await checkSegment(client, row);
    records += checked.records;
    differences.push(...checked.differences.map(({ offset, what }) => ({ at: placeOf(row, offset), what })));
  }
  return { segments: rows.length, records, differences };
}

interface Checked {
  readonly records: number;
  readonly differences: readonly { readonly offset: bigint | string; readonly what: string }[];
}

async function checkSegment(client: PoolClient, row: SegmentRow): Promise<Checked> {
  const { base_offset: base, bytes, wanted } = row;
  if (base === null || bytes === null) {
    const what = base === null ? 'The event has no segment.' : 'The segment has a row and no bytes.';
    return { records: 0, differences: [{ offset: base ?? wanted ?? '', what }] };
  }
  const segment = decodeSegment(BigInt(base), Number(row.checksum), bytes);
  if (segment.kind === 'corrupt') {
    const what = `The segment cannot be read: its ${segment.reason} is wrong.`;
    return { records: 0, differences: [{ offset: base, what }] };
  }
  const differences: Checked['differences'][number][] = [];
  const { length } = segment.records;
  if (length !== row.record_count) {
    differences.push({ offset: base, what: `The segment holds ${length} records, its row says ${row.record_count}.` });
  }
  const hashes = await readHashes(client, row, base);
  for (const { offset, value } of segment.records) {
    const hash = hashes.get(offset.toString());
    if (hash === undefined) differences.push({ offset, what: 'The record has bytes and no event row.' });
    else if (hash !== bodyHash(value).toString()) {
      differences.push({ offset, what: 'The body hash of the event is not that of the bytes.' });
    }
  }
  if (wanted !== null && !segment.records.some(({ offset }) => offset.toString() === wanted)) {
    differences.push({ offset: wanted, what: 'The event has no bytes: no segment holds its record.' });
  }
  return { records: length, differences };
}

function placeOf(row: SegmentRow, offset: bigint | string): string {
  return `${row.topic}~${row.n}/${row.partition}/${offset}`;
}

async function readHashes(client: PoolClient, row: SegmentRow, base: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ offset: string; body_hash: string }>(
    `select "offset", body_hash from event
     where trace_key = any($1::uuid[]) and stored_day = $2::date and incarnation_id = $3 and partition = $4
       and "offset" >= $5::bigint`,
    [row.trace_keys, row.stored_day, row.incarnation_id, row.partition, base],
  );
  return new Map(rows.map(({ offset, body_hash }) => [offset, body_hash]));
}

/** The segment of each lot, with its bytes unless they are too many. */
const SEGMENT_COLUMNS = `s.base_offset::text, s.record_count, s.trace_keys::text[], b.checksum, b.bytes`;
const BYTES_OF_SEGMENT = `left join segment_bytes b on b.stored_day = s.stored_day and b.incarnation_id = s.incarnation_id
    and b.partition = s.partition and b.base_offset = s.base_offset`;
const NOT_TOO_MANY = `coalesce(octet_length(b.bytes), 0) <= $2::int`;

const NOT_EXPIRED = `stored_day not in ${EXPIRED_DAYS}`;

const BY_PLACE = `
  with places as (
    select p.incarnation_id, p.partition, i.topic, i.n,
      p.first_offset + floor(random() * (p.next_offset - p.first_offset))::bigint as at
    from partition_state p join incarnation i on i.id = p.incarnation_id
    where i.workspace_id = $1 and p.stored_count > 0 order by random() limit $3
  )
  select p.topic, p.n, p.partition, p.incarnation_id, null as wanted, s.stored_day::text, ${SEGMENT_COLUMNS}
  from places p cross join lateral (
    select * from segment s
    where s.incarnation_id = p.incarnation_id and s.partition = p.partition and s.base_offset <= p.at
    order by s.base_offset desc limit 1
  ) s
  ${BYTES_OF_SEGMENT}
  where ${NOT_TOO_MANY} and s.${NOT_EXPIRED}`;

const BY_EVENT = `
  with events as materialized (
    select * from (${eventLots('stored_day, incarnation_id, partition, "offset"', '$3')}) e where e.${NOT_EXPIRED}
  )
  select i.topic, i.n, e.partition, e.incarnation_id, e."offset"::text as wanted, e.stored_day::text, ${SEGMENT_COLUMNS}
  from events e join incarnation i on i.id = e.incarnation_id and i.workspace_id = $1
  left join lateral (
    select * from segment s
    where s.stored_day = e.stored_day and s.incarnation_id = e.incarnation_id and s.partition = e.partition
      and s.base_offset <= e."offset"
    order by s.base_offset desc limit 1
  ) s on true
  ${BYTES_OF_SEGMENT}
  where ${NOT_TOO_MANY}`;
