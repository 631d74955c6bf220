import type { PoolClient } from 'pg';
import { EVIDENCE, HOP_FLAGS } from '../../model/evidence.ts';
import type { Hop } from '../../model/trace.ts';
import { bitsOf } from '../codes.ts';
import { CopyBinary } from '../copy-binary.ts';
import { copyIn } from '../copy-in.ts';
import { dayFromText, dayText, minuteOf } from '../sql-time.ts';
import type { SpannedTrace, TraceSpan } from './trace-span.ts';
import { upsertTraces } from './upsert-traces.ts';

/** Replaces everything that is stored of these traces: trace, hop and duplicate rows, and the types seen in company. */
export async function replaceTraces(
  client: PoolClient,
  workspaceId: number,
  traces: readonly SpannedTrace[],
): Promise<void> {
  if (traces.length === 0) return;
  await deleteParts(client, traces);
  await copyIn(client, [
    { table: 'hop', columns: HOP_COLUMNS, copy: encodeHops(workspaceId, traces) },
    { table: 'duplicate', columns: DUPLICATE_COLUMNS, copy: encodeDuplicates(traces) },
  ]);
  await upsertTraces(client, workspaceId, traces);
  await markAccompanied(client, workspaceId, traces);
}

/** Removes everything that is stored of traces without events. */
export async function removeTraces(client: PoolClient, traces: readonly KeyedSpan[]): Promise<void> {
  if (traces.length === 0) return;
  await deleteParts(client, traces);
  await client.query('delete from trace where trace_key = any($1::uuid[])', [traces.map((trace) => trace.traceKey)]);
}

type KeyedSpan = TraceSpan & { readonly traceKey: string };

async function deleteParts(client: PoolClient, traces: readonly KeyedSpan[]): Promise<void> {
  const keys = traces.map((trace) => trace.traceKey);
  // Days one by one: the key of hop begins with the day, and a range of days would read every hop of them.
  await client.query('delete from hop where trace_key = any($1::uuid[]) and stored_day = any($2::date[])', [
    keys,
    daysOf(traces),
  ]);
  await client.query('delete from duplicate where trace_key = any($1::uuid[])', [keys]);
}

function daysOf(traces: readonly TraceSpan[]): string[] {
  const days = new Set<string>();
  for (const { firstDay, lastDay } of traces) {
    for (let day = dayFromText(firstDay); day <= dayFromText(lastDay); day++) days.add(dayText(day));
  }
  return [...days];
}

const HOP_COLUMNS = `stored_day, trace_key, incarnation_id, partition, "offset", ordinal, workspace_id, evidence,
  cause_incarnation_id, cause_partition, cause_offset, hop_us, flags, minute, topology_version`;

function encodeHops(workspaceId: number, traces: readonly SpannedTrace[]): CopyBinary {
  const copy = new CopyBinary();
  for (const trace of traces) {
    for (const hop of trace.stitched.hops) {
      const { effect } = hop;
      copy.row(15).date(dayFromText(effect.storedDay)).uuid(trace.traceKey);
      copy.int4(effect.incarnationId).int4(effect.partition).int8(effect.offset).int2(hop.ordinal).int2(workspaceId);
      copy.int2(EVIDENCE[hop.evidence]);
      encodeCause(copy, hop);
      copy.int2(bitsOf(HOP_FLAGS, hop.flags)).timestamptz(minuteOf(effect.occurredAt)).int4(trace.topologyVersion);
    }
  }
  return copy;
}

function encodeCause(copy: CopyBinary, { cause, hopUs }: Hop): void {
  if (cause === null) copy.null().null().null();
  else copy.int4(cause.incarnationId).int4(cause.partition).int8(cause.offset);
  if (hopUs === null) copy.null();
  else copy.int8(BigInt(Math.trunc(hopUs)));
}

const DUPLICATE_COLUMNS =
  'trace_key, incarnation_id, partition, "offset", of_incarnation_id, of_partition, of_offset, conflict';

function encodeDuplicates(traces: readonly SpannedTrace[]): CopyBinary {
  const copy = new CopyBinary();
  for (const { traceKey, stitched } of traces) {
    const seen = new Set<string>();
    const pairs = [
      ...stitched.duplicates.map((pair) => ({ ...pair, conflict: false })),
      ...stitched.conflicts.map((pair) => ({ ...pair, conflict: true })),
    ];
    for (const { of, copy: other, conflict } of pairs) {
      const coordinates = `${other.incarnationId}/${other.partition}/${other.offset}`;
      if (seen.has(coordinates)) continue;
      seen.add(coordinates);
      copy.row(8).uuid(traceKey).int4(other.incarnationId).int4(other.partition).int8(other.offset);
      copy.int4(of.incarnationId).int4(of.partition).int8(of.offset).bool(conflict);
    }
  }
  return copy;
}

/** Types that were seen with another event in one trace. Rows are only ever added. */
async function markAccompanied(
  client: PoolClient,
  workspaceId: number,
  traces: readonly SpannedTrace[],
): Promise<void> {
  const types = new Set<number>();
  for (const { stitched } of traces) {
    if (stitched.events.length > 1) for (const event of stitched.events) types.add(event.typeId);
  }
  if (types.size === 0) return;
  await client.query({
    name: 'mark-accompanied',
    text: `
      insert into accompanied_type (workspace_id, type_id)
      select $1, t from unnest($2::int[]) as t
      where not exists (select from accompanied_type where workspace_id = $1 and type_id = t)
      order by t on conflict do nothing`,
    values: [workspaceId, [...types]],
  });
}
