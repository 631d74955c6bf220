import type { PoolClient } from 'pg';
import { remembered } from '../../model/remembered.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { dayFromText, microsFromSql, microsSql } from '../sql-time.ts';
import type { HopRow } from './hop-row.ts';
import { daysOf, type TraceSpan } from './trace-span.ts';

interface StoredRow {
  stored_day: string;
  trace_key: string;
  incarnation_id: number;
  partition: number;
  offset: string;
  ordinal: number;
  evidence: number;
  cause_incarnation_id: number | null;
  cause_partition: number | null;
  cause_offset: string | null;
  cause_day: string | null;
  hop_us: string | null;
  flags: number;
  minute_us: string;
  series_id: number;
  topology_version: number;
  sealed: boolean;
}

/** The hop rows of traces, over the days they can lie in. */
export async function readHopRows(
  client: PoolClient,
  traces: readonly (TraceSpan & { readonly traceKey: string })[],
): Promise<readonly HopRow[]> {
  if (traces.length === 0) return [];
  const begins = new Map(traces.map((trace) => [trace.traceKey, trace.firstDay]));
  const { rows } = await client.query<StoredRow>(SELECT, [[...begins.keys()], daysOf(traces)]);
  // The days are those of all of them; what lies before its own is sealed.
  const own = rows.filter((row) => row.stored_day >= (begins.get(row.trace_key) ?? ''));
  return own.map((row) => ({
    storedDay: row.stored_day,
    traceKey: row.trace_key,
    incarnationId: row.incarnation_id,
    partition: row.partition,
    offset: BigInt(row.offset),
    ordinal: row.ordinal,
    evidence: row.evidence,
    cause:
      row.cause_incarnation_id === null || row.cause_partition === null || row.cause_offset === null
        ? null
        : {
            incarnationId: row.cause_incarnation_id,
            partition: row.cause_partition,
            offset: BigInt(row.cause_offset),
            storedDay: row.cause_day,
          },
    hopUs: row.hop_us === null ? null : Number(row.hop_us),
    flags: row.flags,
    minute: microsFromSql(row.minute_us),
    seriesId: row.series_id,
    topologyVersion: row.topology_version,
    sealed: row.sealed,
  }));
}

// Days one by one: the key of hop begins with the day, and a range of days would read every hop of them.
const SELECT = `
  select stored_day::text, trace_key::text, incarnation_id, partition, "offset", ordinal, evidence, cause_incarnation_id,
    cause_partition, cause_offset, cause_day::text, hop_us, flags, ${microsSql('minute')} as minute_us, series_id,
    topology_version, sealed
  from hop where trace_key = any($1::uuid[]) and stored_day = any($2::date[])`;

/** Takes rows away by their keys. */
export async function deleteHopRows(client: PoolClient, rows: readonly HopRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(DELETE, [
    rows.map((row) => row.storedDay),
    rows.map((row) => row.traceKey),
    rows.map((row) => row.incarnationId),
    rows.map((row) => row.partition),
    rows.map((row) => row.offset.toString()),
    rows.map((row) => row.ordinal),
    [...new Set(rows.map((row) => row.storedDay))],
  ]);
}

const DELETE = `
  delete from hop h
  using unnest($1::date[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::smallint[])
    as d(stored_day, trace_key, incarnation_id, partition, "offset", ordinal)
  where h.stored_day = any($7::date[]) and h.stored_day = d.stored_day and h.trace_key = d.trace_key
    and h.incarnation_id = d.incarnation_id and h.partition = d.partition and h."offset" = d."offset"
    and h.ordinal = d.ordinal`;

const COLUMNS = `stored_day, trace_key, incarnation_id, partition, "offset", ordinal, workspace_id, evidence,
  cause_incarnation_id, cause_partition, cause_offset, cause_day, hop_us, flags, minute, topology_version, series_id`;

/** Rows ready to be copied. */
export function encodeHopRows(workspaceId: number, rows: readonly HopRow[]): TableRows {
  const copy = new CopyBinary();
  const dayOf = remembered(dayFromText);
  for (const row of rows) {
    copy.row(17).date(dayOf(row.storedDay)).uuid(row.traceKey);
    copy.int4(row.incarnationId).int4(row.partition).int8(row.offset).int2(row.ordinal).int2(workspaceId);
    copy.int2(row.evidence);
    if (row.cause === null) copy.null().null().null().null();
    else {
      copy.int4(row.cause.incarnationId).int4(row.cause.partition).int8(row.cause.offset);
      if (row.cause.storedDay === null) copy.null();
      else copy.date(dayOf(row.cause.storedDay));
    }
    if (row.hopUs === null) copy.null();
    else copy.int8(BigInt(row.hopUs));
    copy.int2(row.flags).timestamptz(row.minute).int4(row.topologyVersion).int4(row.seriesId);
  }
  return { table: 'hop', columns: COLUMNS, copy };
}
