import type { LatencyPoint, LatencyRow } from '../../model/latency-wire.ts';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { LatencyQuery } from '../../ports/reads.ts';
import type { ExemplarSource } from './sums/exemplars.ts';
import { HeldTimes } from './sums/held-times.ts';
import type { SumBucket } from './sums/read-sums.ts';
import type { Series } from './sums/series-names.ts';
import { type StillSums, splitBuckets } from './sums/still-sums.ts';
import type { SumRange } from './sums/sum-range.ts';
import { TimeSum } from './sums/time-sum.ts';

/** What a row of an answer stands for. */
export type RowName = Pick<LatencyRow, 'event_type' | 'cause_type' | 'service'>;

/** One row as it is summed. */
export interface LatencyGroup extends ExemplarSource {
  readonly name: RowName;
  readonly points: LatencyPoint[];
  readonly seriesIds: Set<number>;
  readonly held: HeldTimes;
}

/** Most times that exemplars of a row are chosen from. */
const MOST_HELD = 240;

interface Points {
  readonly range: SumRange;
  /** How many sums in a row make one point. */
  readonly each: number;
  /** Of one row all is told, of many what a line needs. */
  readonly isOne: boolean;
  readonly nowUs: Micros;
}

/** What is remembered of rows between answers. */
export type StillGroups = StillSums<ReadonlyMap<string, LatencyGroup>>;

/** The rows of an answer, with their points in order of time. */
export function collectGroups(
  buckets: readonly SumBucket[],
  query: LatencyQuery,
  points: Points,
  remembered: StillGroups,
): ReadonlyMap<string, LatencyGroup> {
  const { range, each } = points;
  const { still, rest } = splitBuckets(buckets, (at) => pointOf(at, points) === at);
  // The instants of the query move with every request; the range that they are widened to does so once an hour.
  const { from: _from, to: _to, ...asked } = query;
  const kept = remembered.of(JSON.stringify([asked, range, each]), still, () => {
    const groups = new Map<string, LatencyGroup>();
    addBuckets(groups, still, query, points);
    return groups;
  });
  const groups = new Map<string, LatencyGroup>();
  for (const [key, group] of kept) {
    const total = new TimeSum(query.evidence);
    total.addSum(group.total);
    const { name, points: before, seriesIds, held } = group;
    groups.set(key, {
      name,
      total,
      points: [...before],
      seriesIds: new Set(seriesIds),
      held: new HeldTimes(MOST_HELD, held),
    });
  }
  addBuckets(groups, rest, query, points);
  return groups;
}

/** The begin of the point that a bucket belongs to. */
function pointOf(at: Micros, { range, each }: Points): Micros {
  const stepUs = range.tier.widthUs * each;
  return micros(range.from + Math.floor((at - range.from) / stepUs) * stepUs);
}

function addBuckets(
  groups: Map<string, LatencyGroup>,
  buckets: readonly SumBucket[],
  query: LatencyQuery,
  points: Points,
): void {
  const groupOfSeries = new Map<number, LatencyGroup | null>();
  /** What each row has in the point that is being summed: cleared for the next one, as making them anew is slow. */
  const inPoint = new Map<LatencyGroup, TimeSum>();
  const stepUs = points.range.tier.widthUs * points.each;
  let pointAt = points.range.from;
  const endPoint = () => {
    const [at, open] = [microsToRfc3339(pointAt), pointAt + stepUs > points.nowUs];
    for (const [group, point] of inPoint) {
      const count = point.effects;
      if (count > 0) {
        // Field by field: to spread one takes microseconds, and there are thousands.
        const { measured, p50_ms, p95_ms, p99_ms, max_ms } = point.percentiles();
        group.points.push(
          points.isOne ? { at, open, count, measured, p50_ms, p95_ms, p99_ms, max_ms } : { at, open, count, p95_ms },
        );
      }
      group.total.addSum(point);
      point.clear();
    }
  };
  for (const { at, parts } of buckets) {
    const begin = pointOf(at, points);
    if (begin !== pointAt) endPoint();
    pointAt = begin;
    for (const sum of parts.flat()) {
      const { id } = sum.series;
      let group = groupOfSeries.get(id);
      if (group === undefined) {
        const name = nameOf(sum.series, query);
        group = name === null ? null : groupOf(groups, name, query);
        groupOfSeries.set(id, group);
        group?.seriesIds.add(id);
      }
      if (group === null) continue;
      let point = inPoint.get(group);
      if (point === undefined) {
        point = new TimeSum(query.evidence);
        inPoint.set(group, point);
      }
      point.add(sum);
      if (!group.held.isFull) group.held.add(sum.held);
    }
  }
  endPoint();
}

function groupOf(groups: Map<string, LatencyGroup>, name: RowName, { evidence }: LatencyQuery): LatencyGroup {
  const key = JSON.stringify([name.event_type, name.cause_type, name.service]);
  let group = groups.get(key);
  if (group === undefined) {
    group = { name, total: new TimeSum(evidence), points: [], seriesIds: new Set(), held: new HeldTimes(MOST_HELD) };
    groups.set(key, group);
  }
  return group;
}

/** The row a series belongs to; null for none that is asked for. */
function nameOf(series: Series, query: LatencyQuery): RowName | null {
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
