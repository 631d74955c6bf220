import type { Pool } from 'pg';
import type { AsOf } from '../../model/as-of.ts';
import { BUCKETS, bucketEnds } from '../../model/histogram.ts';
import type {
  DistributionBucket,
  LatencyAnswer,
  LatencyPoint,
  LatencyRow,
  ObjectiveState,
} from '../../model/latency-wire.ts';
import type { Objectives } from '../../model/objectives.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { LatencyQuery } from '../../ports/reads.ts';
import type { Holder } from '../sum-row.ts';
import { judge } from './judged-times.ts';
import { type ExemplarSource, findExemplars } from './sums/exemplars.ts';
import type { SumBucket, SumReader } from './sums/read-sums.ts';
import type { Series } from './sums/series-names.ts';
import { type SumRange, sumRange, sumsPerPoint } from './sums/sum-range.ts';
import { TimeSum } from './sums/time-sum.ts';

/** Points of a row in a list, and of the one row that is asked for. */
const POINTS_IN_LIST = 60;
const POINTS_OF_ONE = 240;

export interface LatencyContext {
  readonly pool: Pool;
  readonly sums: SumReader;
  readonly nowUs: Micros;
  readonly objectives: Objectives;
}

/** What hops, flows or replies took in a range, by rows. Everything is summed from the same histograms. */
export async function readLatency(
  { pool, sums, nowUs, objectives }: LatencyContext,
  query: LatencyQuery,
): Promise<Omit<LatencyAnswer, keyof AsOf | 'settled_to'>> {
  const range = sumRange(query);
  const isOne = query.eventType !== undefined || query.service !== undefined;
  const each = sumsPerPoint(range, isOne ? POINTS_OF_ONE : POINTS_IN_LIST);
  const buckets = await sums.read(range);
  const groups = collect(buckets, query, { range, each, nowUs });
  const exemplars = await findExemplars(pool, [...groups.values()], isOne ? range : null);
  const rows = [...groups.values()].map((group): LatencyRow => {
    const objectiveMs = objectives.msOf(query.subject, typeOf(group.name, query));
    return {
      ...group.name,
      ...group.total.percentiles(),
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

type Name = Pick<LatencyRow, 'event_type' | 'cause_type' | 'service'>;

/** One row as it is summed. */
interface LatencyGroup extends ExemplarSource {
  readonly name: Name;
  /** Of the point that is being summed. */
  readonly point: TimeSum;
  readonly points: LatencyPoint[];
  readonly seriesIds: Set<number>;
  readonly held: Holder[];
}

/** Most times that exemplars of a row are chosen from. */
const MOST_HELD = 600;

function collect(
  buckets: readonly SumBucket[],
  query: LatencyQuery,
  { range, each, nowUs }: { readonly range: SumRange; readonly each: number; readonly nowUs: Micros },
): Map<string, LatencyGroup> {
  const groups = new Map<string, LatencyGroup>();
  const groupOfSeries = new Map<number, LatencyGroup | null>();
  const stepUs = range.tier.widthUs * each;
  const inPoint = new Set<LatencyGroup>();
  let pointAt = range.from;
  const endPoint = () => {
    for (const group of inPoint) {
      const { point } = group;
      if (point.effects > 0) {
        const at = microsToRfc3339(pointAt);
        group.points.push({ at, ...point.percentiles(), count: point.effects, open: pointAt + stepUs > nowUs });
      }
      group.total.addSum(point);
      point.clear();
    }
    inPoint.clear();
  };
  for (const bucket of buckets) {
    const at = micros(range.from + Math.floor((bucket.at - range.from) / stepUs) * stepUs);
    if (at !== pointAt) endPoint();
    pointAt = at;
    for (const sum of bucket.sums) {
      const { id } = sum.series;
      let group = groupOfSeries.get(id);
      if (group === undefined) {
        const name = nameOf(sum.series, query);
        group = name === null ? null : groupOf(groups, name, query);
        groupOfSeries.set(id, group);
        group?.seriesIds.add(id);
      }
      if (group === null) continue;
      group.point.add(sum);
      inPoint.add(group);
      if (group.held.length < MOST_HELD) group.held.push(...sum.held);
    }
  }
  endPoint();
  return groups;
}

function groupOf(groups: Map<string, LatencyGroup>, name: Name, { evidence }: LatencyQuery): LatencyGroup {
  const key = JSON.stringify([name.event_type, name.cause_type, name.service]);
  let group = groups.get(key);
  if (group === undefined) {
    group = {
      ...{ name, total: new TimeSum(evidence), point: new TimeSum(evidence) },
      ...{ points: [], seriesIds: new Set(), held: [] },
    };
    groups.set(key, group);
  }
  return group;
}

/** The row a series belongs to; null for none that is asked for. */
function nameOf(series: Series, query: LatencyQuery): Name | null {
  if (series.kind !== query.subject) return null;
  // A flow is known by what it begins with, a reply by its request.
  const type = query.subject === 'hop' ? series.effectType : series.causeType;
  const cause = query.subject === 'hop' ? series.causeType : series.effectType;
  if (query.eventType !== undefined && type !== query.eventType) return null;
  if (query.causeType !== undefined && cause !== query.causeType) return null;
  if (query.service !== undefined && series.effectService !== query.service) return null;
  switch (query.group) {
    case 'event_type':
      return { event_type: type, cause_type: null, service: null };
    case 'edge':
      return { event_type: type, cause_type: cause, service: null };
    case 'service':
      return { event_type: null, cause_type: null, service: series.effectService };
  }
}

function typeOf(name: Name, query: LatencyQuery): string | null {
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
    const count = histogram.counts[bucket] ?? 0;
    const { fromMs, toMs } = bucketEnds(bucket);
    // The last has no end: twice its begin stands for it in a drawing.
    if (count > 0) buckets.push({ from_ms: fromMs, to_ms: Number.isFinite(toMs) ? toMs : fromMs * 2, count });
  }
  return buckets;
}
