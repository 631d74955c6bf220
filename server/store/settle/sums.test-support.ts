import type { Pool } from 'pg';
import { HOP_FLAGS } from '../../model/evidence.ts';
import { bucketOf, readHistogram } from '../../model/histogram.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS, type Topology } from '../../model/trace.ts';
import { type DirtyTrace, shardOf } from '../../ports/settle-store.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { bitsOf } from '../codes.ts';
import { microsSql } from '../sql-time.ts';
import { TIERS } from '../tiers.ts';
import { withClient } from '../transaction.ts';
import { readEvents } from './read-events.ts';
import type { TraceSpan } from './trace-span.ts';

/** A sum as a text key and plain values, so that two ways of making it can be compared. */
export type PlainSums = Readonly<Record<string, unknown>>;

/** What is stored, of every width. */
export async function storedSums(pool: Pool): Promise<PlainSums> {
  const sums: Record<string, unknown> = {};
  for (const { table } of TIERS) {
    const { rows } = await pool.query(`
      select t.*, ${microsSql('t.bucket')} as bucket_us, s.kind, s.evidence, s.cause_type_id, s.effect_type_id,
        s.effect_service_id, s.cause_family, s.effect_family
      from ${table} t join series s on s.id = t.series_id`);
    for (const row of rows) {
      const histogram: [number, number][] = [];
      readHistogram(row.histogram, (bucket, count) => histogram.push([bucket, count]));
      const series = [row.kind, row.evidence, row.cause_type_id, row.effect_type_id, row.effect_service_id];
      const key = [table, row.bucket_us, row.shard, row.sealed, ...series, row.cause_family, row.effect_family];
      sums[key.join(' ')] = {
        ...{ effects: Number(row.effects), skewed: Number(row.skewed), acrossGap: Number(row.across_gap) },
        ...{ extra: Number(row.extra), measured: Number(row.measured), histogram },
        max: row.max_us === null ? null : [Number(row.max_us), row.max_trace],
        lot: row.lot_us === null ? null : [Number(row.lot_us), row.lot_trace],
      };
    }
  }
  return sums;
}

/** What they should be: all events of all traces, stitched anew and counted the plain way. */
export async function bruteForceSums(pool: Pool, topology: Topology = EMPTY_TOPOLOGY): Promise<PlainSums> {
  const { rows } = await pool.query(`
    select trace_key::text as "traceKey", min(stored_day)::text as "firstDay", max(stored_day)::text as "lastDay"
    from event where flags & 7168 <> 3072 group by trace_key`);
  const marked: (DirtyTrace & TraceSpan)[] = rows.map((row) => ({
    ...{ ...row, idKind: 'correlation', idText: '', idLength: 0 },
  }));
  const open = marked.length === 0 ? [] : await withClient(pool, (client) => readEvents(client, marked));
  const settled = settleTraces(open, topology, { episodeGapMs: EPISODE_GAP_MS });
  const times = new Map<string, { rows: { us: number | null; flags: number; ordinal: number; traceKey: string }[] }>();
  for (const { traceKey, measured } of settled) {
    for (const { hop, series } of measured) {
      for (const { table, widthUs } of TIERS) {
        const bucket = Math.floor(hop.effect.occurredAt / widthUs) * widthUs;
        const kind = { hop: 0, flow: 1, reply: 2 }[series.kind];
        const evidence = { root: 0, causation: 1, traceparent: 2, link: 3, order: 4 }[series.evidence];
        const ids = [kind, evidence, series.causeTypeId, series.effectTypeId, series.effectServiceId];
        const key = [table, bucket, shardOf(traceKey), false, ...ids, series.causeFamily, series.effectFamily].join(
          ' ',
        );
        const list = times.get(key) ?? { rows: [] };
        list.rows.push({ us: hop.hopUs, flags: bitsOf(HOP_FLAGS, hop.flags), ordinal: hop.ordinal, traceKey });
        times.set(key, list);
      }
    }
  }
  return Object.fromEntries([...times].map(([key, { rows: hops }]) => [key, plainSum(hops)]));
}

function plainSum(hops: readonly { us: number | null; flags: number; ordinal: number; traceKey: string }[]): unknown {
  const own = hops.filter((hop) => hop.ordinal <= 0);
  const timed = own.flatMap(({ us, ...hop }) => (us === null ? [] : [{ ...hop, us }]));
  const skewed = timed.filter((hop) => hop.us < 0 || (hop.flags & HOP_FLAGS.clock_skew) !== 0);
  const across = timed.filter((hop) => !skewed.includes(hop) && (hop.flags & HOP_FLAGS.across_gap) !== 0);
  const measured = timed.filter((hop) => !skewed.includes(hop) && !across.includes(hop));
  const counts = new Map<number, number>();
  for (const { us } of measured) counts.set(bucketOf(us), (counts.get(bucketOf(us)) ?? 0) + 1);
  const byTime = measured.toSorted((a, b) => b.us - a.us || (a.traceKey < b.traceKey ? -1 : 1))[0];
  const byKey = measured.toSorted((a, b) =>
    a.traceKey === b.traceKey ? a.us - b.us : a.traceKey < b.traceKey ? -1 : 1,
  );
  return {
    ...{ effects: own.length, skewed: skewed.length, acrossGap: across.length, extra: hops.length - own.length },
    measured: measured.length,
    histogram: [...counts].toSorted(([a], [b]) => a - b),
    max: byTime === undefined ? null : [byTime.us, byTime.traceKey],
    lot: byKey[0] === undefined ? null : [byKey[0].us, byKey[0].traceKey],
  };
}
