import type { Pool } from 'pg';
import type { AsOf } from '../../model/as-of.ts';
import { BUCKETS, bucketEnds } from '../../model/histogram.ts';
import type { DistributionBucket, LatencyAnswer, LatencyRow, ObjectiveState } from '../../model/latency-wire.ts';
import type { Objectives } from '../../model/objectives.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import type { LatencyQuery } from '../../ports/reads.ts';
import { judge } from './judged-times.ts';
import { collectGroups, type RowName, type StillGroups } from './latency-groups.ts';
import { findExemplars } from './sums/exemplars.ts';
import type { SumReader } from './sums/read-sums.ts';
import { sumsPerPoint } from './sums/sum-range.ts';
import type { TimeSum } from './sums/time-sum.ts';

/** Points of a row in a list, and of the one row that is asked for. */
const POINTS_IN_LIST = 60;
const POINTS_OF_ONE = 240;

export interface LatencyContext {
  readonly pool: Pool;
  readonly sums: SumReader;
  readonly stillGroups: StillGroups;
  readonly nowUs: Micros;
  readonly objectives: Objectives;
}

/** What hops, flows or replies took in a range, by rows. Everything is summed from the same histograms. */
export async function readLatency(
  { pool, sums, stillGroups, nowUs, objectives }: LatencyContext,
  query: LatencyQuery,
): Promise<Omit<LatencyAnswer, keyof AsOf | 'settled_to'>> {
  const range = await sums.rangeOf(query);
  const isOne = query.eventType !== undefined || query.service !== undefined;
  const each = sumsPerPoint(range, isOne ? POINTS_OF_ONE : POINTS_IN_LIST);
  const buckets = await sums.read(range);
  const groups = collectGroups(buckets, query, { range, each, isOne, nowUs }, stillGroups);
  const exemplars = await findExemplars(pool, [...groups.values()], isOne ? range : null);
  const rows = [...groups.values()].map((group): LatencyRow => {
    const objectiveMs = objectives.msOf(query.subject, typeOf(group.name, query));
    const { event_type, cause_type, service } = group.name;
    const { measured, p50_ms, p95_ms, p99_ms, max_ms } = group.total.percentiles();
    return {
      event_type,
      cause_type,
      service,
      measured,
      p50_ms,
      p95_ms,
      p99_ms,
      max_ms,
      count: group.total.effects,
      error_bound: group.total.errorBound(),
      inferred_share: group.total.inferredShare(),
      left_out: { roots: group.total.roots, clock_skew: group.total.skewed, across_gap: group.total.acrossGap },
      objective_ms: objectiveMs,
      objective: objectiveMs === null ? 'none' : judge(group.total, objectiveMs),
      series: group.points,
      exemplars: exemplars.get(group) ?? [],
    };
  });
  const [only] = groups.values();
  return {
    from: microsToRfc3339(range.from),
    to: microsToRfc3339(range.to),
    subject: query.subject,
    group: query.group,
    evidence: query.evidence,
    step_s: (range.tier.widthUs * each) / 1e6,
    event_types: rows.sort(worstFirst),
    distribution: isOne && groups.size <= 1 ? (only === undefined ? [] : distributionOf(only.total)) : null,
  };
}

function typeOf(name: RowName, query: LatencyQuery): string | null {
  return name.event_type ?? query.eventType ?? null;
}

const RANK: Readonly<Record<ObjectiveState, number>> = { slow: 0, met: 1, none: 2, 'too few': 3 };

function worstFirst(a: LatencyRow, b: LatencyRow): number {
  if (a.objective !== b.objective) return RANK[a.objective] - RANK[b.objective];
  if (a.objective === 'slow') return timesOver(b) - timesOver(a);
  return b.measured - a.measured || (textOf(a) < textOf(b) ? -1 : 1);
}

function timesOver({ p95_ms, objective_ms }: LatencyRow): number {
  return (p95_ms ?? 0) / (objective_ms ?? Number.POSITIVE_INFINITY);
}

function textOf({ event_type, cause_type, service }: LatencyRow): string {
  return `${event_type} ${cause_type} ${service}`;
}

function distributionOf({ histogram }: TimeSum): DistributionBucket[] {
  const buckets: DistributionBucket[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = histogram.countIn(bucket);
    const { fromMs, toMs } = bucketEnds(bucket);
    // The last has no end: twice its begin stands for it in a drawing.
    if (count > 0) buckets.push({ from_ms: fromMs, to_ms: Number.isFinite(toMs) ? toMs : fromMs * 2, count });
  }
  return buckets;
}
