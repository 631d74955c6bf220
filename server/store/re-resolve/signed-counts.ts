import type { PoolClient } from 'pg';
import { isUndecodable, reasonFromCode } from '../../model/reason.ts';
import type { Micros } from '../../model/time.ts';
import { schemaCodeOf } from '../codes.ts';
import { microsToSql, minuteOf, timeSql } from '../sql-time.ts';
import { addDialects } from '../write/count-dialects.ts';
import type { Replacement } from './plan-chunk.ts';
import type { RowValues } from './stored-event.ts';

/**
 * Writes to the counts of what was ingested what changed events take from one sum and add to another. The rows are the
 * job's own, so nobody waits for them, and the sums over all writers are those of a fresh ingest.
 */
export async function correctCounts(
  client: PoolClient,
  jobId: string,
  incarnationId: number,
  replacements: readonly Replacement[],
  workspaceId: number,
): Promise<void> {
  const counts = sumUp(replacements);
  if (counts.length === 0) return;
  await client.query(UPSERT, [
    jobId,
    workspaceId,
    incarnationId,
    counts.map((count) => microsToSql(count.stored)),
    counts.map((count) => microsToSql(count.occurred)),
    counts.map((count) => count.typeId),
    counts.map((count) => count.serviceId),
    counts.map((count) => count.reason),
    counts.map((count) => count.records),
    counts.map((count) => count.schemaStatus),
  ]);
}

interface SignedCount {
  readonly stored: Micros;
  readonly occurred: Micros;
  readonly typeId: number;
  readonly serviceId: number;
  readonly reason: number;
  readonly schemaStatus: number;
  records: number;
}

function sumUp(replacements: readonly Replacement[]): SignedCount[] {
  const counts = new Map<string, SignedCount>();
  const add = (storedAt: Micros, { occurredAt, typeId, serviceId, reason, flags }: RowValues, records: number) => {
    const schemaStatus = schemaCodeOf(flags);
    const [stored, occurred] = [minuteOf(storedAt), minuteOf(occurredAt)];
    const key = `${stored}/${occurred}/${typeId}/${serviceId}/${reason}/${schemaStatus}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { stored, occurred, typeId, serviceId, reason, schemaStatus, records });
    else known.records += records;
  };
  for (const { before, after, changed } of replacements) {
    if (!changed) continue;
    add(before.storedAt, before, -1);
    add(before.storedAt, after, 1);
  }
  return [...counts.values()].filter(({ records }) => records !== 0);
}

const UPSERT = `
  insert into ingest_count (writer, workspace_id, stored_minute, incarnation_id, occurred_minute, type_id, service_id,
    reason, schema_status, records)
  select $1::uuid, $2::smallint, ${timeSql('stored')}, $3::int, ${timeSql('occurred')}, type_id, service_id, reason,
    schema_status, records
  from unnest($4::bigint[], $5::bigint[], $6::int[], $7::int[], $8::smallint[], $9::bigint[], $10::smallint[])
    as c(stored, occurred, type_id, service_id, reason, records, schema_status)
  on conflict (stored_minute, writer, occurred_minute, incarnation_id, type_id, service_id, reason, schema_status)
  do update set records = ingest_count.records + excluded.records`;

/** Writes to the counts by dialect, in which every event that is read again goes to the rules in force. */
export async function correctDialects(
  client: PoolClient,
  jobId: string,
  replacements: readonly Replacement[],
): Promise<void> {
  const counts = new Map<
    string,
    { minute: Micros; dialectId: number; version: number; records: number; last: Micros }
  >();
  const add = (storedAt: Micros, dialectId: number, version: number, records: number) => {
    const minute = minuteOf(storedAt);
    const key = `${minute}/${dialectId}/${version}`;
    const known = counts.get(key) ?? { minute, dialectId, version, records: 0, last: storedAt };
    counts.set(key, {
      ...known,
      records: known.records + records,
      last: storedAt > known.last ? storedAt : known.last,
    });
  };
  for (const { before, after, event } of replacements) {
    add(before.storedAt, before.dialectId, before.resolverVersion, -1);
    add(before.storedAt, after.dialectId, event.resolverVersion, 1);
  }
  const all = [...counts.values()].filter(({ records }) => records !== 0);
  if (all.length === 0) return;
  await client.query(addDialects(2), [
    jobId,
    all.map(({ minute }) => microsToSql(minute)),
    all.map(({ dialectId }) => dialectId),
    all.map(({ version }) => version),
    all.map(({ records }) => records),
    all.map(({ last }) => microsToSql(last)),
  ]);
}

/** Corrects the running totals of the chunk's partition. The last statement: ingest waits for the row it locks. */
export async function correctTotals(
  client: PoolClient,
  { incarnationId, partition }: { readonly incarnationId: number; readonly partition: number },
  replacements: readonly Replacement[],
): Promise<void> {
  let [undecodable, uncorrelated] = [0, 0];
  const add = (reason: number, records: number) => {
    if (reason === 0) return;
    if (isUndecodable(reasonFromCode(reason))) undecodable += records;
    else uncorrelated += records;
  };
  for (const { before, after } of replacements) {
    add(before.reason, -1);
    add(after.reason, 1);
  }
  if (undecodable === 0 && uncorrelated === 0) return;
  await client.query(
    `update partition_state
     set undecodable_count = undecodable_count + $3, uncorrelated_count = uncorrelated_count + $4
     where incarnation_id = $1 and partition = $2`,
    [incarnationId, partition, undecodable, uncorrelated],
  );
}
