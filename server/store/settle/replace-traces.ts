import type { PoolClient } from 'pg';
import { recordKey } from '../../model/trace.ts';
import { CopyBinary } from '../copy-binary.ts';
import { copyIn } from '../copy-in.ts';
import type { AccompaniedTypes } from './accompanied-types.ts';
import { applySums } from './apply-sums.ts';
import { changesOf, type HopRow, toHopRow } from './hop-row.ts';
import { deleteHopRows, encodeHopRows } from './hop-rows.ts';
import { isCounted } from './hop-sums.ts';
import type { SeriesRegistry } from './series-ids.ts';
import type { ReplacedTrace, SpannedTrace } from './trace-span.ts';
import { upsertTraces } from './upsert-traces.ts';

/** Where traces are replaced: the settling transaction, under the lock of their shard. */
export interface Replacing {
  readonly client: PoolClient;
  readonly workspaceId: number;
  readonly shard: number;
  readonly series: SeriesRegistry;
  readonly accompanied: AccompaniedTypes;
}

/**
 * Replaces everything that is stored of these traces: trace, hop and duplicate rows, what they give to the sums, and the
 * types seen in company. Of hop rows only those that differ are written; sealed ones stay. `stored` are those of traces
 * that have a row. Answers what to do after the commit.
 */
export async function replaceTraces(
  { client, workspaceId, shard, series, accompanied }: Replacing,
  traces: readonly SpannedTrace[],
  emptied: readonly ReplacedTrace[],
  stored: readonly HopRow[],
): Promise<() => void> {
  const all = [...traces, ...emptied];
  if (all.length === 0) return () => {};
  const ids = await series.resolve(client, allSeries(traces));
  const wanted = traces.flatMap((trace) => trace.measured.map((one) => toHopRow(one.hop, ids.idOf(one.series), trace)));
  const known = all.filter((trace) => !trace.isNew);
  const live = stored.filter((row) => !row.sealed);
  const left = live.length === stored.length ? [] : sealedOfOthers(stored, traces);
  const changes = changesOf(live, wanted);
  await deleteHopRows(client, [...changes.removed, ...left]);
  await deleteDuplicates(client, known);
  await copyIn(client, [
    encodeHopRows(workspaceId, changes.added),
    { table: 'duplicate', columns: DUPLICATE_COLUMNS, copy: encodeDuplicates(traces) },
  ]);
  await applySums(client, { workspaceId, shard, sealed: false }, changes);
  await applySums(client, { workspaceId, shard, sealed: true }, { removed: left.filter(isCounted), added: [] });
  await upsertTraces(client, workspaceId, traces);
  await deleteTraces(client, emptied);
  const rememberTypes = await accompanied.add(client, typesInCompany(traces));
  return () => {
    ids.remember();
    rememberTypes();
  };
}

/** Sealed rows of events that were read anew and belong to another trace: they are counted there. */
function sealedOfOthers(stored: readonly HopRow[], traces: readonly SpannedTrace[]): readonly HopRow[] {
  const present = new Set<string>();
  for (const { traceKey, stitched } of traces) {
    for (const event of stitched.events) present.add(`${traceKey} ${recordKey(event)}`);
    for (const { copy } of stitched.duplicates) present.add(`${traceKey} ${recordKey(copy)}`);
  }
  return stored.filter((row) => row.sealed && !present.has(`${row.traceKey} ${recordKey(row)}`));
}

function* allSeries(traces: readonly SpannedTrace[]) {
  for (const { measured } of traces) for (const { series } of measured) yield series;
}

/** Types that were seen with another event in one trace. */
function typesInCompany(traces: readonly SpannedTrace[]): ReadonlySet<number> {
  const types = new Set<number>();
  for (const { stitched } of traces) {
    if (stitched.events.length > 1) for (const event of stitched.events) types.add(event.typeId);
  }
  return types;
}

async function deleteDuplicates(client: PoolClient, traces: readonly ReplacedTrace[]): Promise<void> {
  if (traces.length === 0) return;
  await client.query('delete from duplicate where trace_key = any($1::uuid[])', [
    traces.map((trace) => trace.traceKey),
  ]);
}

/** Traces that have lost every event. */
async function deleteTraces(client: PoolClient, traces: readonly ReplacedTrace[]): Promise<void> {
  if (traces.length === 0) return;
  await client.query('delete from trace where trace_key = any($1::uuid[])', [traces.map((trace) => trace.traceKey)]);
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
      const coordinates = recordKey(other);
      if (seen.has(coordinates)) continue;
      seen.add(coordinates);
      copy.row(8).uuid(traceKey).int4(other.incarnationId).int4(other.partition).int8(other.offset);
      copy.int4(of.incarnationId).int4(of.partition).int8(of.offset).bool(conflict);
    }
  }
  return copy;
}
