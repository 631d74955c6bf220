import type { Pool } from 'pg';
import { HOP_FLAGS } from '../../model/evidence.ts';
import type { Frozen } from '../../model/frozen.ts';
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

interface PlainSum {
  effects: number;
  skewed: number;
  acrossGap: number;
  extra: number;
  measured: number;
  histogram: readonly (readonly [number, number])[];
  max: readonly [number, string] | null;
  lot: readonly [number, string] | null;
}

/** What is stored live, of every width. */
export async function storedSums(pool: Pool): Promise<PlainSums> {
  return readSums(pool, false);
}

/** Live and sealed sums added up. */
export async function allSums(pool: Pool): Promise<PlainSums> {
  const [live, sealed] = [await readSums(pool, false), await readSums(pool, true)];
  const sums: Record<string, PlainSum> = { ...live };
  for (const [key, more] of Object.entries(sealed)) {
    const sum = sums[key];
    sums[key] = sum === undefined ? more : addPlain(sum, more);
  }
  return sums;
}

function addPlain(a: PlainSum, b: PlainSum): PlainSum {
  const histogram = new Map(a.histogram);
  for (const [bucket, count] of b.histogram) histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
  const max = [a.max, b.max].filter((one) => one !== null);
  const lot = [a.lot, b.lot].filter((one) => one !== null);
  return {
    ...{ effects: a.effects + b.effects, skewed: a.skewed + b.skewed, acrossGap: a.acrossGap + b.acrossGap },
    ...{ extra: a.extra + b.extra, measured: a.measured + b.measured },
    histogram: [...histogram].toSorted(([x], [y]) => x - y),
    max: max.toSorted((x, y) => y[0] - x[0] || (x[1] < y[1] ? -1 : 1))[0] ?? null,
    lot: lot.toSorted((x, y) => (x[1] === y[1] ? x[0] - y[0] : x[1] < y[1] ? -1 : 1))[0] ?? null,
  };
}

async function readSums(pool: Pool, sealed: boolean): Promise<Record<string, PlainSum>> {
  const sums: Record<string, PlainSum> = {};
  for (const { table } of TIERS) {
    const { rows } = await pool.query(
      `select t.*, ${microsSql('t.bucket')} as bucket_us, s.kind, s.evidence, s.cause_type_id, s.effect_type_id,
        s.effect_service_id, s.cause_family, s.effect_family
      from ${table} t join series s on s.id = t.series_id where t.sealed = $1`,
      [sealed],
    );
    for (const row of rows) {
      const histogram: [number, number][] = [];
      readHistogram(row.histogram, (bucket, count) => histogram.push([bucket, count]));
      const series = [row.kind, row.evidence, row.cause_type_id, row.effect_type_id, row.effect_service_id];
      const key = [table, row.bucket_us, row.shard, ...series, row.cause_family, row.effect_family];
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

/**
 * What the live ones should be: all events of all traces that are not sealed, stitched anew without what is frozen, and
 * counted the plain way. A day that is sealed still belongs to the traces whose row has it.
 */
export async function bruteForceSums(pool: Pool, topology: Topology = EMPTY_TOPOLOGY): Promise<PlainSums> {
  const { rows } = await pool.query(`
    select e.trace_key::text as "traceKey", min(stored_day)::text as "firstDay", max(stored_day)::text as "lastDay"
    from event e left join trace t on t.trace_key = e.trace_key and t.first_day <= e.stored_day
    where flags & 7168 <> 3072 and (e.stored_day > ${SEALED_DAY} or t.trace_key is not null) group by e.trace_key`);
  const marked: (DirtyTrace & TraceSpan)[] = rows.map((row) => ({
    ...{ ...row, idKind: 'correlation', idText: '', idLength: 0 },
  }));
  const open = marked.length === 0 ? [] : await withClient(pool, (client) => readEvents(client, marked));
  const frozen = await readFrozen(pool);
  const settled = settleTraces(
    open.map((trace) => ({ ...trace, frozen: frozen(trace.traceKey) })),
    topology,
    { episodeGapMs: EPISODE_GAP_MS },
  );
  const times = new Map<string, { rows: { us: number | null; flags: number; ordinal: number; traceKey: string }[] }>();
  for (const { traceKey, measured } of settled) {
    for (const { hop, series } of measured) {
      for (const { table, widthUs } of TIERS) {
        const bucket = Math.floor(hop.effect.occurredAt / widthUs) * widthUs;
        const kind = { hop: 0, flow: 1, reply: 2 }[series.kind];
        const evidence = { root: 0, causation: 1, traceparent: 2, link: 3, order: 4 }[series.evidence];
        const ids = [kind, evidence, series.causeTypeId, series.effectTypeId, series.effectServiceId];
        const key = [table, bucket, shardOf(traceKey), ...ids, series.causeFamily, series.effectFamily].join(' ');
        const list = times.get(key) ?? { rows: [] };
        list.rows.push({ us: hop.hopUs, flags: bitsOf(HOP_FLAGS, hop.flags), ordinal: hop.ordinal, traceKey });
        times.set(key, list);
      }
    }
  }
  return Object.fromEntries([...times].map(([key, { rows: hops }]) => [key, plainSum(hops)]));
}

const SEALED_DAY = `(select coalesce(max(day), '-infinity') from expired_day
  where kept_as = 'events' and sealing_at is not null)`;

async function readFrozen(pool: Pool): Promise<(traceKey: string) => Frozen> {
  const { rows } = await pool.query<{ trace_key: string; record: string; ordinal: number }>(
    `select trace_key::text, incarnation_id || '/' || partition || '/' || "offset" as record, ordinal from hop where sealed`,
  );
  return (traceKey) => {
    const of = rows.filter((row) => row.trace_key === traceKey);
    const records = (is: (ordinal: number) => boolean) =>
      new Set(of.filter((row) => is(row.ordinal)).map(({ record }) => record));
    return { hops: records((at) => at >= 0), flows: records((at) => at === -1), replies: records((at) => at === -2) };
  };
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
