import type { PoolClient } from 'pg';
import type { HopRow } from '../settle/hop-row.ts';
import { microsToSql, timeSql } from '../sql-time.ts';

/** Says of stored rows that they stay as they are. */
export async function sealRows(client: PoolClient, rows: readonly HopRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(SEAL, [
    rows.map((row) => row.storedDay),
    rows.map((row) => row.traceKey),
    rows.map((row) => row.incarnationId),
    rows.map((row) => row.partition),
    rows.map((row) => row.offset.toString()),
    rows.map((row) => row.ordinal),
    [...new Set(rows.map((row) => row.storedDay))],
  ]);
}

/** Writes rows that are in no sum. */
export async function insertPlaceholders(
  client: PoolClient,
  workspaceId: number,
  rows: readonly HopRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(INSERT, [
    rows.map((row) => row.storedDay),
    rows.map((row) => row.traceKey),
    rows.map((row) => row.incarnationId),
    rows.map((row) => row.partition),
    rows.map((row) => row.offset.toString()),
    rows.map((row) => row.ordinal),
    rows.map((row) => microsToSql(row.minute)),
    rows.map((row) => row.evidence),
    rows.map((row) => row.seriesId),
    workspaceId,
  ]);
}

const SEAL = `
  update hop h set sealed = true
  from unnest($1::date[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::smallint[])
    as d(stored_day, trace_key, incarnation_id, partition, "offset", ordinal)
  where h.stored_day = any($7::date[]) and h.stored_day = d.stored_day and h.trace_key = d.trace_key
    and h.incarnation_id = d.incarnation_id and h.partition = d.partition and h."offset" = d."offset"
    and h.ordinal = d.ordinal`;

const INSERT = `
  insert into hop (stored_day, trace_key, incarnation_id, partition, "offset", ordinal, workspace_id, evidence, flags,
    minute, topology_version, series_id, sealed)
  select stored_day, trace_key, incarnation_id, partition, "offset", ordinal, $10, evidence, 0, ${timeSql('minute_us')}, 0,
    series_id, true
  from unnest($1::date[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::smallint[], $7::bigint[], $8::smallint[],
    $9::int[])
    as d(stored_day, trace_key, incarnation_id, partition, "offset", ordinal, minute_us, evidence, series_id)`;
